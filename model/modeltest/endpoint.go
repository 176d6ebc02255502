package modeltest

import (
	"fmt"

	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// Endpoint draws endpoints that [model.Endpoint.Check] accepts: spaces of 2^3
// to 2^32 numbers, windows of which two fit into the space, fast and slow
// readers, timers on and off, and every value of every behaviour.
func Endpoint() *rapid.Generator[model.Endpoint] {
	return rapid.Custom(func(t *rapid.T) model.Endpoint {
		s := space(rapid.OneOf(
			rapid.SampledFrom([]int{3, 4, 5, 8, 16, 31, 32}),
			rapid.IntRange(model.MinBits, model.MaxBits),
		).Draw(t, "bits"))
		e := model.Endpoint{
			Space:           s,
			Window:          few(longest(s)).Filter(positive).Draw(t, "window"),
			SlowReader:      rapid.Bool().Draw(t, "slow reader"),
			Retransmissions: rapid.SampledFrom([]uint8{0, 1, 2, 7, model.Unlimited}).Draw(t, "retransmissions"),
			MSL:             rapid.Uint8Max(3).Draw(t, "MSL"),
			TimeWait:        rapid.Uint8Max(6).Draw(t, "time-wait"),
			Behaviours:      Behaviours().Draw(t, "behaviours"),
		}
		if err := e.Check(); err != nil {
			panic(fmt.Sprintf("modeltest: drew an endpoint that does not work: %v", err))
		}
		return e
	})
}

// Behaviours draws a value for every choice, often the default.
func Behaviours() *rapid.Generator[model.Behaviours] {
	return rapid.Custom(func(t *rapid.T) (b model.Behaviours) {
		for _, c := range model.Choices() {
			if rapid.Bool().Draw(t, c.Name+" default") {
				continue
			}
			v := rapid.SampledFrom(c.Values).Draw(t, c.Name)
			if err := c.Set(&b, v.Name); err != nil {
				panic(fmt.Sprintf("modeltest: a choice refuses its own value: %v", err))
			}
		}
		return b
	})
}

func positive(n uint32) bool { return n > 0 }

// space is the space of 2^bits numbers; bits is from 3 to 32.
func space(bits int) model.Space {
	s, err := model.NewSpace(bits)
	if err != nil {
		panic(fmt.Sprintf("modeltest: %v", err))
	}
	return s
}

// longest is the largest window and the longest queue in a space: less than
// half of it.
func longest(s model.Space) uint32 { return uint32(s.Size()/2 - 1) }

// few draws 0 to most, mostly near either end.
func few(most uint32) *rapid.Generator[uint32] {
	return rapid.OneOf(
		rapid.Uint32Max(min(most, 3)),
		rapid.Uint32Range(most-min(most, 2), most),
		rapid.Uint32Max(most),
	)
}

// number draws a number of the space, mostly near zero, where it wraps.
func number(s model.Space) *rapid.Generator[model.Seq] {
	return rapid.Custom(func(t *rapid.T) model.Seq {
		if rapid.Bool().Draw(t, "any") {
			return s.Add(0, rapid.Uint32().Draw(t, "number"))
		}
		return s.Add(s.Sub(0, 8), rapid.Uint32Max(16).Draw(t, "from -8"))
	})
}
