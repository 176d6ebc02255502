package explore

import (
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
)

// outstanding are the numbers that a side has sent and not heard of.
func outstanding(e *model.Endpoint, t *model.TCB) (list []model.Seq) {
	for n := t.SndUna; n != t.SndNxt; n = e.Space.Add(n, 1) {
		list = append(list, n)
	}
	return list
}

// On every step of a small world the ages are those of a record that counts, for
// each number that is outstanding, the ticks since it came to be so; none is
// above life.
func TestAges(t *testing.T) {
	oneAfterTheOther(t)
	text := "msl: 1\nlife: 2\ncapacity: 1\nuser-timeout: false\na: {start: established, opens: 0, octets: 1, closes: 1}\nb: {start: established, opens: 0}\n"
	sc, err := ReadScenario("ages.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	type record [2]map[model.Seq]uint8
	start := sc.start().settle(sc.Order)
	records := map[World]record{start: {}}
	queue := []World{start}
	oldest, moved := uint8(0), 0
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		later, ticks := sc.later(w)
		next := sc.next(w)
		for i, n := range next {
			tick := ticks && i == len(next)-1
			if tick && n != later {
				t.Fatal("the last that may happen is not the tick")
			}
			var now record
			for s := range n.Sides {
				now[s] = map[model.Seq]uint8{}
				for k, number := range outstanding(&sc.endpoints[s], &n.Sides[s].TCB) {
					age := records[w][s][number]
					if tick {
						age++
					}
					if got := n.Sides[s].Ghost.Ages[k]; got != age || got > sc.Life {
						t.Fatalf("number %d of side %d: age %d, recorded %d, life %d", number, s, got, age, sc.Life)
					}
					if now[s][number] = age; k == 0 && age > 0 && w.Sides[s].TCB.SndUna != number {
						moved++
					}
					oldest = max(oldest, age)
				}
			}
			if _, ok := records[n]; !ok {
				records[n] = now
				queue = append(queue, n)
			}
		}
	}
	if oldest != sc.Life || moved == 0 {
		t.Errorf("the oldest number is of age %d, and %d times one that waited came to the front: want %d, and some", oldest, moved, sc.Life)
	}
}

// What is outstanding for as long as it may keeps time from passing, and a run
// that can go on by nothing else ends so, and is no deadlock of TCP's.
func TestOverdueEndsARun(t *testing.T) {
	text := "msl: 1\nlife: 2\nretransmissions: 0\nuser-timeout: false\na: {open: active}\nb: {opens: 0}\n"
	sc, err := ReadScenario("overdue.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	stuck := &Property{ID: "stuck", Kind: DeadlockProperty, State: func(v *View) bool { return v.Ending == EndedStuck }}
	r, err := Check(t.Context(), sc, []*Property{stuck}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != Holds || r.Coverage.Endings[EndedOverdue.String()] == 0 {
		t.Errorf("%v, endings %v: want an overdue one and no deadlock", r.Outcome, r.Coverage.Endings)
	}
}

// Bounds that mean nothing are refused.
func TestImpossibleLifeAndAttacks(t *testing.T) {
	for text, want := range map[string]string{
		"life: 2\nmsl: 0\n":                       "no time is counted",
		"life: 2\nmsl: 1\nbits: 5\nwindow: 8\n":   "less than 8",
		"bits: 8\nb: {attacks: 1}\n":              "want at most 7",
		"bits: 7\ncapacity: 4\nb: {attacks: 1}\n": "want at most 5",
		"b: {attacks: many}\n":                    "want a number",
	} {
		_, err := ReadScenario("impossible.yaml", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", text, err, want)
		}
	}
}
