package modeltest_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// steps are some thousands of arbitrary steps, drawn once.
func steps() []drawn {
	g := rapid.Custom(func(t *rapid.T) drawn { return *drawStep(t) })
	list := make([]drawn, 2000)
	for i := range list {
		list[i] = g.Example(i + 1)
	}
	return list
}

func TestStepAllocatesNothing(t *testing.T) {
	list := steps()
	var tcb model.TCB
	var out model.Output
	i := 0
	n := testing.AllocsPerRun(len(list), func() {
		d := &list[i%len(list)]
		i++
		tcb = d.before
		d.e.Step(&tcb, d.ev, &out)
	})
	if n != 0 {
		t.Errorf("%v allocations per step", n)
	}
}

func BenchmarkStep(b *testing.B) {
	list := steps()
	var tcb model.TCB
	var out model.Output
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d := &list[i%len(list)]
		i++
		tcb = d.before
		d.e.Step(&tcb, d.ev, &out)
	}
}
