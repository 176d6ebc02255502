package trace

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tcpcheck/tcpcheck/model"
)

// exactly compares traces, also what is not exported.
var exactly = cmp.AllowUnexported(model.Space{}, model.Output{})

func TestParseReadsWhatPrintWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, step := drawRun(t, 40)
		shown := *want
		if n := len(want.Steps); n > 0 {
			shown.Info.Marked = []int{rapid.IntRange(0, n-1).Draw(t, "marked")}
			shown.Info.CycleFrom = rapid.IntRange(-1, n-1).Draw(t, "cycle")
		}
		text := Format(&shown, Options{Changes: true, Told: true, Rules: true})
		script, err := Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got, err := script.Run(step)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("the run read differs (-want +got):\n%s\n%s", cmp.Diff(want, got, exactly), text)
		}
		if again := Print(got); again != Print(want) {
			t.Fatalf("printed again it differs (-want +got):\n%s", cmp.Diff(Print(want), again))
		}
	})
}
