package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/explore/script"
)

func validate(t *testing.T, schema string, data []byte) {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s: %v", schema, err)
	}
}

// What is printed and written is what the schemas in docs describe.
func TestSchemas(t *testing.T) {
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	status := run([]string{"check", "handshake", "refused", "--variant", "lost-passive-bit", "--all-properties", "--json", "--trace-dir", dir}, &stdout, &stderr)
	if status != statusViolated {
		t.Fatalf("exit status %d, want %d: %s", status, statusViolated, stderr.String())
	}
	validate(t, "../../docs/check.schema.json", stdout.Bytes())
	if !json.Valid(stdout.Bytes()) {
		t.Error("not one JSON document")
	}
	traces, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(traces) == 0 {
		t.Fatalf("%d traces written, error %v", len(traces), err)
	}
	for _, path := range traces {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, "../../docs/trace.schema.json", data)
	}
	inRoom, err := os.ReadFile("../../explore/trace/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	inDocs, err := os.ReadFile("../../docs/trace.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(inRoom, inDocs) {
		t.Error("docs/trace.schema.json differs from explore/trace/schema.json")
	}
}

// So is what is printed when the time is over before anything is decided.
func TestSchemasOfNothingDecided(t *testing.T) {
	for schema, args := range map[string][]string{
		"../../docs/check.schema.json":          {"check", "handshake", "live-open"},
		"../../docs/schemas/sweep.schema.json":  {"sweep", "live-open", "--vary", "msl=1..2"},
		"../../docs/schemas/matrix.schema.json": {"matrix", "--scenario", "handshake,live-open"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(append(args, "--json", "--timeout", "1ns"), &stdout, &stderr); status != statusInconclusive {
			t.Errorf("%v: exit status %d, want %d: %s", args, status, statusInconclusive, stderr.String())
		}
		if strings.Contains(stdout.String(), `"outcome": "holds"`) {
			t.Errorf("%v: something holds", args)
		}
		validate(t, schema, stdout.Bytes())
	}
	// A search that ends before its first level has no levels at all.
	sc, err := explore.Preset("handshake")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonReports([]*explore.Report{{Scenario: sc, Outcome: explore.Unknown, Stop: "interrupted"}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, "../../docs/check.schema.json", data)
}

// The verdicts on scripts are what their schema describes: one of each kind.
func TestScriptSchema(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"agrees.pkt":      "`sysctl -a`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 < R 0:0(0)",
		"disagrees.pkt":   "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 > R 0:0(0)",
		"unsupported.pkt": "+0 < udp (1)",
		"bad.pkt":         "+0 < S",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run([]string{"script", "--json", dir}, &stdout, &stderr); status != statusUsage {
		t.Fatalf("exit status %d, want %d: %s", status, statusUsage, stderr.String())
	}
	validate(t, "../../docs/schemas/script.schema.json", stdout.Bytes())
	var doc jsonScripts
	if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if want := (scriptSummary{Scripts: 4, Agree: 1, Disagree: 1, Unsupported: 1, Bad: 1}); doc.Summary != want {
		t.Errorf("summary %+v, want %+v", doc.Summary, want)
	}
}

// A bug that a file of many shows is an internal error, not a crash.
func TestScriptPanics(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || !strings.HasPrefix(r.(string), "b: a bug") {
			t.Errorf("panic %.40v", r)
		}
	}()
	judgeAll(t.Context(), []string{"a", "b"}, func(path string) (*script.Result, error) {
		if path == "b" {
			panic("a bug")
		}
		return &script.Result{}, nil
	})
}

// The matrix, sweeps and attacks are what their schemas describe.
func TestGridSchemas(t *testing.T) {
	for schema, line := range map[string][]string{
		"matrix":  {"matrix", "--recorded", "--json"},
		"attacks": {"attacks", "--bits", "5", "--window", "3", "--json"},
		"sweep":   {"sweep", "handshake", "--vary", "mutant=,two-way-handshake", "--vary", "window=2,5", "--set", "loss=1", "--json"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(line, &stdout, &stderr); status != statusOK {
			t.Fatalf("%v: exit status %d: %s", line, status, stderr.String())
		}
		validate(t, "../../docs/schemas/"+schema+".schema.json", stdout.Bytes())
	}
}
