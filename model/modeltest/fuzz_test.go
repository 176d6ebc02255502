package modeltest_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// FuzzStep decodes bytes to an endpoint, a TCB and an event. If Validate takes
// the TCB, Step must return and leave one that Validate takes.
func FuzzStep(f *testing.F) {
	steps := rapid.Custom(func(t *rapid.T) *drawn { return drawStep(t) })
	for i := range 60 {
		f.Add(encode(f, steps.Example(i+1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, ok := decode(data)
		if !ok || d.e.Check() != nil || d.e.Validate(&d.before) != nil {
			t.Skip()
		}
		d.after = d.before
		d.e.Step(&d.after, d.ev, &d.out)
		if err := d.e.Validate(&d.after); err != nil {
			t.Fatalf("%v\nbefore %+v\nafter  %+v\n%+v\n%v", err, d.before, d.after, d.ev, &d.out)
		}
	})
}

// encoded is a step in fixed-size fields, for encoding/binary.
type encoded struct {
	Bits                          uint8
	Window                        uint32
	SlowReader                    bool
	Retransmissions, MSL, Waiting uint8
	Behaviours                    model.Behaviours
	TCB                           model.TCB
	Event                         model.Event
}

func encode(f *testing.F, d *drawn) []byte {
	bits := uint8(model.MinBits)
	for d.e.Space.Size() > 1<<bits {
		bits++
	}
	var b bytes.Buffer
	err := binary.Write(&b, binary.LittleEndian, encoded{
		Bits: bits - model.MinBits, Window: d.e.Window, SlowReader: d.e.SlowReader,
		Retransmissions: d.e.Retransmissions, MSL: d.e.MSL, Waiting: d.e.TimeWait,
		Behaviours: d.e.Behaviours, TCB: d.before, Event: d.ev,
	})
	if err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}

// decode reads what encode writes, from any bytes of that length. Numbers of
// the segment are taken modulo the space.
func decode(data []byte) (*drawn, bool) {
	var x encoded
	if err := binary.Read(bytes.NewReader(data), binary.LittleEndian, &x); err != nil {
		return nil, false
	}
	space, err := model.NewSpace(model.MinBits + int(x.Bits)%(model.MaxBits-model.MinBits+1))
	if err != nil {
		return nil, false
	}
	d := &drawn{before: x.TCB, ev: x.Event}
	d.e = model.Endpoint{
		Space: space, Window: x.Window, SlowReader: x.SlowReader,
		Retransmissions: x.Retransmissions, MSL: x.MSL, TimeWait: x.Waiting, Behaviours: x.Behaviours,
	}
	ev := &d.ev
	ev.Kind %= model.EventKind(model.NumEventKinds)
	ev.Refusal %= model.Refusal(model.NumRefusals)
	ev.N = max(ev.N, 1)
	ev.ISS = space.Add(ev.ISS, 0)
	g := &ev.Segment
	g.Seq, g.Ack = space.Add(g.Seq, 0), space.Add(g.Ack, 0)
	g.Flags &= model.AllFlags
	g.Len = uint32(min(uint64(g.Len), space.Size()/2)) // no segment is longer
	if !g.Flags.Has(model.ACK) {
		g.Ack = 0
	}
	if !g.Flags.Has(model.URG) {
		g.Up = 0
	}
	return d, true
}
