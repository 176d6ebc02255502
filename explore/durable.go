package explore

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"strings"

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

// Load takes up what one Save wrote.
func (sp *space) Load(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	var head keptSets
	n, err := binary.Decode(data, binary.LittleEndian, &head)
	if err != nil {
		return err
	}
	data = data[n:]
	side, packet := uint64(binary.Size(Side{})), uint64(binary.Size(Packet{}))
	if head.Sides > sideMask || head.Packets > sideMask ||
		uint64(len(data)) != head.Sides*side+head.Packets*packet+head.Counted {
		return fmt.Errorf("%d bytes for %d sides, %d packets and %d bytes of counts", len(data), head.Sides, head.Packets, head.Counted)
	}
	if data, err = load(sp.sides, sp.kept.Sides, head.Sides, data); err != nil {
		return err
	}
	if data, err = load(sp.packets, sp.kept.Packets, head.Packets, data); err != nil {
		return err
	}
	var c counted
	if err := json.Unmarshal(data, &c); err != nil {
		return err
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
func load[T comparable](t *table[T], before, n uint64, data []byte) ([]byte, error) {
	values := make([]T, n)
	used, err := binary.Decode(data, binary.LittleEndian, values)
	if err != nil {
		return nil, err
	}
	for i := range values {
		want := uint32(before) + uint32(i) + 1
		if id, err := t.number(values[i]); err != nil {
			return nil, err
		} else if id != want {
			return nil, fmt.Errorf("%s: what was given number %d has number %d", t.what, want, id)
		}
	}
	return data[used:], nil
}
