package reaction

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tcpcheck/tcpcheck/model"
)

// A table does not depend on where the numbers lie, nor on the size of the
// space.
func TestShiftAndScale(t *testing.T) {
	want := table(model.Behaviours{})
	small, err := model.NewSpace(13)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		space model.Space
		at    origin
	}{
		{"old ACKs lie below 0", model.Space32, origin{2, 5000}},
		{"our outstanding numbers lie across 0", model.Space32, origin{1<<32 - 103, 5000}},
		{"the receive window lies across 0", model.Space32, origin{1000, 1<<32 - 105}},
		{"across half the space", model.Space32, origin{1<<31 - 103, 1<<31 + 5000}},
		{"a space of 2^13", small, defaultOrigin},
		{"a space of 2^13, across 0", small, origin{1<<13 - 103, 1<<12 - 105}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if offsetOfSynText(t) && c.at.peers != defaultOrigin.peers {
				t.Skip("Delivery.Offset of text on a SYN,ACK is counted from number 0")
			}
			e := Endpoint(model.Behaviours{})
			e.Space = c.space
			got := slices.Collect(rowsAt(e, model.Step, c.at))
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Row{}, "Segment", "Situation")); diff != "" {
				t.Errorf("the table is another (-want +got):\n%s", diff)
			}
		})
	}
}

// offsetOfSynText tells whether text on a SYN,ACK in SYN-SENT is delivered with
// a wrong Offset.
func offsetOfSynText(t *testing.T) bool {
	e := Endpoint(model.Behaviours{})
	var out model.Output
	tcb := situations[2].TCB(e)
	g := model.Segment{Seq: 5000, Ack: tcb.SndNxt, Len: textLen, Flags: model.SYN | model.ACK}
	model.Step(&e, &tcb, model.Event{Kind: model.SegmentArrives, Segment: g}, &out)
	if len(out.Delivered()) != 1 {
		t.Fatalf("SYN,ACK with text in SYN-SENT: %v", &out)
	}
	return out.Delivered()[0].Offset != 0
}

// The boxes of a situation's groups are disjoint and hold every class.
func TestMergeHoldsEachClassOnce(t *testing.T) {
	rows := table(model.Behaviours{})
	type key struct {
		s *Situation
		c Class
	}
	groups := map[key]Reaction{}
	for _, g := range Merge(rows) {
		for _, b := range g.Boxes {
			for _, f := range b.Flags() {
				for _, ack := range b.Acks() {
					for _, text := range b.Texts() {
						for _, seq := range b.Seqs() {
							k := key{g.Situation, Class{f, seq, ack, text}}
							if _, ok := groups[k]; ok {
								t.Errorf("%s: %v is in two boxes", k.s.Name, k.c)
							}
							groups[k] = g.Reaction
						}
					}
				}
			}
		}
	}
	if len(groups) != len(rows) {
		t.Errorf("boxes hold %d classes: want %d", len(groups), len(rows))
	}
	for _, r := range rows {
		if !groups[key{r.Situation, r.Class}].Equal(r.Reaction) {
			t.Errorf("%s: %v is in a box of another reaction", r.Situation.Name, r.Class)
		}
	}
}

// Whatever field of the TCB changes, Changes tells.
func TestChangesTellEveryField(t *testing.T) {
	e := Endpoint(model.Behaviours{})
	for i := range situations {
		s := &situations[i]
		if s.State <= model.Listen {
			continue
		}
		before := s.TCB(e)
		v := reflect.TypeFor[model.TCB]()
		for f := range v.NumField() {
			name := v.Field(f).Name
			if name == "State" || name == "NHeld" { // Reaction.Next; the first of Held
				continue
			}
			after := before
			bump(reflect.ValueOf(&after).Elem().Field(f))
			n := namer{e: &e, before: before, after: after}
			if len(n.changes()) == 0 {
				t.Errorf("%s: %s changes and nothing is said", s.Name, name)
			}
		}
	}
}

func bump(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Array:
		bump(v.Index(0).FieldByName("Len"))
	default:
		v.SetUint(v.Uint() + 1)
	}
}

// A situation is a TCB that a run of the model may have.
func TestSituationsAreValid(t *testing.T) {
	for _, v := range model.Variants() {
		for _, s := range Situations() {
			e := Endpoint(v.Behaviours)
			e.SlowReader = s.SlowReader()
			tcb := s.TCB(e)
			if err := e.Validate(&tcb); err != nil {
				t.Errorf("%s, %s: %v", v.Name, s.Name, err)
			}
			if tcb.State != s.State {
				t.Errorf("%s has state %v: want %v", s.Name, tcb.State, s.State)
			}
		}
	}
}

// A step of the model leaves every row's TCB valid.
func TestRowsStayValid(t *testing.T) {
	for _, v := range model.Variants() {
		e := Endpoint(v.Behaviours)
		step := func(e *model.Endpoint, t2 *model.TCB, ev model.Event, out *model.Output) {
			model.Step(e, t2, ev, out)
			if err := e.Validate(t2); err != nil {
				t.Errorf("%s: after %+v: %v", v.Name, ev.Segment, err)
			}
		}
		Table(e, step)
	}
}

// The classes in which a variant differs from the default, merged: a file per
// variant.
func TestVariantsGolden(t *testing.T) {
	want := table(model.Behaviours{})
	for _, v := range model.Variants() {
		if v.Name == model.DefaultVariant {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			var got bytes.Buffer
			got.WriteString(header)
			differ, same := Diff(want, table(v.Behaviours))
			fmt.Fprintf(&got, "%s differs from %s in %d classes of %d; in %d more it does the same by other rules.\n",
				v.Name, model.DefaultVariant, len(differ), len(want), same)
			if err := WriteDiff(&got, model.DefaultVariant, v.Name, MergePairs(differ)); err != nil {
				t.Fatal(err)
			}
			golden(t, "../testdata/reactions_"+v.Name+".txt", got.Bytes())
		})
	}
}

// A mutant of SEGMENT ARRIVES shows in the table. Those of calls and timeouts
// need not.
func TestMutantsShow(t *testing.T) {
	want := table(model.Behaviours{})
	for _, m := range model.Mutants() {
		if !strings.HasPrefix(m.Section, "3.10.7") || m.Name == "security-ignored" { // the table has no axis of security
			continue
		}
		if !shows(want, m.Decorate(model.Step)) {
			t.Errorf("mutant %s (%s) reacts to every class as the right model does", m.Name, m.Section)
		}
	}
}

// shows tells whether step's table has another effect in any row.
func shows(want []Row, step model.StepFunc) bool {
	i := 0
	for row := range Rows(Endpoint(model.Behaviours{}), step) {
		if !row.Reaction.SameEffect(want[i].Reaction) {
			return true
		}
		i++
	}
	return false
}

// Diff of a table with itself is empty, and both directions name the same
// classes.
func TestDiff(t *testing.T) {
	a := table(model.Behaviours{})
	if differ, same := Diff(a, a); len(differ) != 0 || same != 0 {
		t.Errorf("a table differs from itself in %d classes and %d rules", len(differ), same)
	}
	v, err := model.FindVariant("rfc793")
	if err != nil {
		t.Fatal(err)
	}
	b := table(v.Behaviours)
	there, _ := Diff(a, b)
	back, _ := Diff(b, a)
	if len(there) != len(back) || len(there) == 0 {
		t.Errorf("%d classes differ one way, %d the other", len(there), len(back))
	}
}
