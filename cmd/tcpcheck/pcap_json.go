package main

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// pcapJSON writes the document as the connections come, so that it never holds
// more than one.
type pcapJSON struct {
	app   *app
	flags pcapFlags
	files int // begun
	conns int // of this file
}

// The JSON of a connection; docs/pcap.md describes it.
type (
	jsonConn struct {
		A                string          `json:"a"`
		B                string          `json:"b"`
		Opened           string          `json:"opened"`
		Closed           string          `json:"closed"`
		ConnState        string          `json:"conn_state"`
		History          string          `json:"history"`
		Final            jsonSides       `json:"final"`
		RetransmittedSyn jsonCounts      `json:"retransmitted_syn"`
		RetransmittedFin jsonCounts      `json:"retransmitted_fin"`
		BadChecksums     int             `json:"bad_checksums"`
		Missed           bool            `json:"missed"`
		Packets          []jsonPacket    `json:"packets"`
		Deviations       []jsonDeviation `json:"deviations"`
		Unknown          bool            `json:"unknown"`
		UnknownWhy       string          `json:"unknown_why,omitempty"`
	}
	jsonSides struct {
		A []string `json:"a"`
		B []string `json:"b"`
	}
	jsonCounts struct {
		A int `json:"a"`
		B int `json:"b"`
	}
	jsonPacket struct {
		N       int      `json:"n"`
		Time    string   `json:"time"`
		From    string   `json:"from"`
		Flags   string   `json:"flags"`
		Seq     uint32   `json:"seq"`
		Ack     uint32   `json:"ack"`
		Len     uint32   `json:"len"`
		AStates []string `json:"a_states"`
		BStates []string `json:"b_states"`
	}
	jsonDeviation struct {
		N        int      `json:"n"`
		Endpoint string   `json:"endpoint"`
		Rules    []string `json:"rules"`
		Text     string   `json:"text"`
	}
	jsonFileEnd struct {
		Skipped      map[string]int `json:"skipped"`
		Packets      int            `json:"packets"`
		BadChecksums int            `json:"bad_checksums"`
		Error        string         `json:"error,omitempty"`
	}
)

func (j *pcapJSON) file(name string) {
	if j.files == 0 {
		j.app.printf("{\"schema\":\"tcpcheck-pcap/1\",\"files\":[")
	} else {
		j.app.printf(",")
	}
	j.files++
	j.conns = 0
	j.app.printf("\n{\"file\":%s,\"connections\":[", jsonLine(name))
}

func (j *pcapJSON) connection(c *track.Conn) error {
	doc := jsonConn{
		A: c.Addr[track.A].String(), B: c.Addr[track.B].String(),
		Opened: c.Opened, Closed: c.Closed, ConnState: c.ConnState, History: c.History,
		Final:            jsonSides{stateNames(c.Final[track.A]), stateNames(c.Final[track.B])},
		RetransmittedSyn: jsonCounts{c.SynRepeats[track.A], c.SynRepeats[track.B]},
		RetransmittedFin: jsonCounts{c.FinRepeats[track.A], c.FinRepeats[track.B]},
		BadChecksums:     c.BadSums, Missed: c.Missed, Unknown: c.Unknown != "", UnknownWhy: c.Unknown,
		Packets: []jsonPacket{}, Deviations: []jsonDeviation{},
	}
	for _, p := range c.Packets {
		g := p.Segment
		doc.Packets = append(doc.Packets, jsonPacket{
			N: p.N, Time: p.Time.UTC().Format(time.RFC3339Nano), From: p.From.String(),
			Flags: g.Flags.String(), Seq: uint32(g.Seq), Ack: uint32(g.Ack), Len: g.Len,
			AStates: stateNames(p.States[track.A]), BStates: stateNames(p.States[track.B]),
		})
	}
	for _, d := range c.Deviations {
		doc.Deviations = append(doc.Deviations, jsonDeviation{N: d.N, Endpoint: d.Side.String(), Rules: ruleIDs(d.Rules), Text: d.String()})
	}
	if j.conns > 0 {
		j.app.printf(",")
	}
	j.conns++
	j.app.printf("\n%s", jsonLine(doc))
	return nil
}

func (j *pcapJSON) fileEnd(t pcapTotals, err error) {
	end := jsonFileEnd{Skipped: t.skipped.ByName(), Packets: t.packets, BadChecksums: t.badSums}
	if err != nil {
		end.Error = err.Error()
	}
	j.app.printf("],%s", bytes.TrimPrefix(jsonLine(end), []byte("{")))
}

func (j *pcapJSON) end() error {
	j.app.printf("]}\n")
	return nil
}

// jsonLine is v in one line.
func jsonLine(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	must(e.Encode(v))
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func stateNames(s track.States) []string {
	list := []string{}
	for _, x := range s.List() {
		list = append(list, x.String())
	}
	return list
}

func ruleIDs(rules []model.Rule) []string {
	list := []string{}
	for _, r := range rules {
		list = append(list, r.String())
	}
	return list
}
