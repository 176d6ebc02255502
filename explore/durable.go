package explore

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/explore/search"
	"github.com/tcpcheck/tcpcheck/explore/trace"
	"github.com/tcpcheck/tcpcheck/model"
)

// A space is durable: its searches can be kept and go on in another process. What
// it hands over are the values that got numbers since the last time, and what
// the workers counted so far.

// Identity says what is searched: whatever changes states or what is judged.
func (sp *space) Identity() string {
	var b strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&b, "%s: %v\n", name, value) }
	for _, f := range Fields() {
		if f.Name != "about" {
			line(f.Name, f.Get(sp.sc))
		}
	}
	for _, c := range model.Choices() {
		line(c.Name, c.Get(sp.sc.Behaviours))
	}
	for i, name := range sideNames {
		for _, f := range SideFields(i) {
			line(name+" "+f.Name, f.Get(sp.sc))
		}
	}
	line("properties", strings.Join(propertyIDs(sp.props), " "))
	line("symmetry", sp.swap)
	line("pairs", sp.pairs)
	line("ends", sp.until)
	line("program", sp.program)
	return b.String()
}

func propertyIDs(props []*Property) []string {
	var ids []string
	for _, p := range props {
		ids = append(ids, p.ID)
	}
	return ids
}

// counted is what the workers counted, as it is kept.
type counted struct {
	Coverage Coverage
	Moves    []keptMove
	Pairs    *Pairs
}

// keptMove is a [Move] with its sets as lists.
type keptMove struct {
	Move
	Rules, Always []model.Rule
}

// keptSets says how many values follow, of each table.
type keptSets struct{ Sides, Packets, Counted uint64 }

// Save writes what was numbered since the last time, and all that was counted.
func (sp *space) Save(w io.Writer) error {
	c := counted{Coverage: sp.coverage(), Pairs: sp.jointStates()}
	for _, m := range c.Coverage.Moves {
		k := keptMove{Move: m, Rules: m.Rules.Rules(), Always: m.Always.Rules()}
		c.Moves = append(c.Moves, k)
	}
	c.Coverage.Moves = nil
	counts, err := json.Marshal(c)
	if err != nil {
		return err
	}
	sides, packets := sp.sides.since(sp.kept.Sides), sp.packets.since(sp.kept.Packets)
	head := keptSets{uint64(len(sides)), uint64(len(packets)), uint64(len(counts))}
	for _, part := range []any{head, sides, packets, counts} {
		data, err := binary.Append(nil, binary.LittleEndian, part)
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	sp.kept.Sides += head.Sides
	sp.kept.Packets += head.Packets
	return nil
}

// mostCounted is how many bytes of counts are read.
const mostCounted = 1 << 22

// Load takes up what one Save wrote.
func (sp *space) Load(r io.Reader) error {
	var head keptSets
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return fmt.Errorf("how many sides, segments and bytes of counts there are: %w", err)
	}
	if head.Counted > mostCounted {
		return fmt.Errorf("%d bytes of counts: want at most %d", head.Counted, mostCounted)
	}
	if err := load(sp.sides, sp.kept.Sides, head.Sides, r); err != nil {
		return err
	}
	if err := load(sp.packets, sp.kept.Packets, head.Packets, r); err != nil {
		return err
	}
	counts := make([]byte, head.Counted)
	if _, err := io.ReadFull(r, counts); err != nil {
		return fmt.Errorf("counts: %w", err)
	}
	var c counted
	if err := json.Unmarshal(counts, &c); err != nil {
		return fmt.Errorf("counts: %w", err)
	}
	if err := sp.checkCounted(&c); err != nil {
		return fmt.Errorf("counts: %w", err)
	}
	for _, k := range c.Moves {
		m := k.Move
		m.Rules, m.Always = model.RuleSet{}, model.RuleSet{}
		for _, r := range k.Rules {
			m.Rules.Add(r)
		}
		for _, r := range k.Always {
			m.Always.Add(r)
		}
		c.Coverage.Moves = append(c.Coverage.Moves, m)
	}
	sp.before = c
	sp.kept.Sides += head.Sides
	sp.kept.Packets += head.Packets
	return nil
}

// load numbers the next n values of a table, in their order, after those loaded
// before. Some may have these numbers already, as what an attacker may send has.
func load[T comparable](t *table[T], before, n uint64, r io.Reader) error {
	var v T
	data := make([]byte, binary.Size(v))
	for i := range n {
		if _, err := io.ReadFull(r, data); err != nil {
			return fmt.Errorf("%s: %w", t.what, err)
		}
		if _, err := binary.Decode(data, binary.LittleEndian, &v); err != nil {
			return err
		}
		want := before + i + 1
		if id, err := t.number(v); err != nil {
			return err
		} else if uint64(id) != want {
			return fmt.Errorf("%s: what was given number %d has number %d", t.what, want, id)
		}
	}
	return nil
}

// checkCounted refuses counts of what does not exist.
func (sp *space) checkCounted(c *counted) error {
	if (c.Pairs != nil) != sp.pairs || len(c.Coverage.Moves) > 0 {
		return errors.New("they are not those of this search")
	}
	for _, m := range c.Moves {
		if int(max(m.From, m.To)) >= model.NumStates || int(m.Event) >= model.NumEventKinds || (m.Flags|m.Sends)&^shownFlags != 0 {
			return fmt.Errorf("a move from state %d to %d by event %d, flags %#x and %#x", m.From, m.To, m.Event, uint8(m.Flags), uint8(m.Sends))
		}
		for _, r := range slices.Concat(m.Rules, m.Always) {
			if int(r) >= model.NumRules {
				return fmt.Errorf("rule %d: there are %d", r, model.NumRules)
			}
		}
	}
	if c.Pairs != nil {
		for _, m := range c.Pairs.Moves {
			if int(max(m.From[0], m.From[1], m.To[0], m.To[1])) >= model.NumStates {
				return fmt.Errorf("a move from states %d to %d", m.From, m.To)
			}
		}
	}
	return nil
}

// Known returns what in a state is not known, or can't be.
func (sp *space) Known(s search.State) error {
	p := sp.unpack(s)
	if p.loss > sp.sc.Loss || p.duplication > sp.sc.Duplication {
		return fmt.Errorf("%d losses and %d copies left: want at most %d and %d", p.loss, p.duplication, sp.sc.Loss, sp.sc.Duplication)
	}
	for i, id := range p.side {
		if id == 0 || id > sp.sides.n {
			return fmt.Errorf("side number %d: %d are known", id, sp.sides.n)
		}
		if err := sp.sc.checkSide(trace.Side(i), sp.sides.at(id)); err != nil {
			return fmt.Errorf("side number %d: %w", id, err)
		}
	}
	for _, word := range p.net {
		if n := sp.channel.len(word); n > sp.sc.Capacity {
			return fmt.Errorf("a channel of %d segments: want at most %d", n, sp.sc.Capacity)
		}
		last := uint32(0)
		for _, id := range sp.channel.all(word, nil) {
			if id == 0 || id > sp.packets.n {
				return fmt.Errorf("segment number %d: %d are known", id, sp.packets.n)
			}
			if id < last && sp.channel.sorted {
				return fmt.Errorf("segment number %d after %d: want them in order", id, last)
			}
			if err := sp.sc.checkPacket(sp.packets.at(id)); err != nil {
				return fmt.Errorf("segment number %d: %w", id, err)
			}
			last = id
		}
	}
	return nil
}

// checkSide refuses a side that no run of the scenario comes to. Ghosts may be any:
// nothing but verdicts depends on them. A mutant leaves behind what it likes, within
// bounds.
func (sc *Scenario) checkSide(at trace.Side, s *Side) error {
	e := &sc.endpoints[at]
	if sc.Mutant == "" {
		if err := e.Validate(&s.TCB); err != nil {
			return err
		}
	}
	t := &s.TCB
	if int(t.State) >= model.NumStates || int(t.NHeld) > model.MaxHeld {
		return fmt.Errorf("state %d, %d segments held", t.State, t.NHeld)
	}
	numbers := []model.Seq{t.ISS, t.IRS, t.SndUna, t.SndNxt, t.SndWl1, t.SndWl2, t.SndUp, t.RcvNxt, t.RcvUp, t.OldSndNxt, t.OldRcvNxt, s.Ghost.NextISS}
	for _, g := range t.Held {
		numbers = append(numbers, g.Seq, g.Ack)
	}
	for _, n := range numbers {
		if !e.Space.Contains(n) {
			return fmt.Errorf("number %d: the space has %d", n, e.Space.Size())
		}
	}
	left, had := reflect.ValueOf(s.Left), reflect.ValueOf(sc.Sides[at].Budget)
	for i := range left.NumField() {
		if left.Field(i).Uint() > had.Field(i).Uint() {
			return fmt.Errorf("%d %s left: want at most %d", left.Field(i).Uint(), strings.ToLower(left.Type().Field(i).Name), had.Field(i).Uint())
		}
	}
	return nil
}

// checkPacket refuses a segment that no side of the scenario sends.
func (sc *Scenario) checkPacket(p *Packet) error {
	if p.TTL > sc.MSL {
		return fmt.Errorf("it lives for %d ticks: want at most %d", p.TTL, sc.MSL)
	}
	space, g := sc.endpoints[0].Space, &p.Segment
	if sc.Mutant == "" {
		return trace.CheckSegment(space, *g)
	}
	if !space.Contains(g.Seq) || !space.Contains(g.Ack) || g.Flags&^model.AllFlags != 0 {
		return fmt.Errorf("%+v: the space has %d numbers", *g, space.Size())
	}
	return nil
}
