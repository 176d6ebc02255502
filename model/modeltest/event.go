package modeltest

import (
	"github.com/tcpcheck/tcpcheck/model"
	"pgregory.net/rapid"
)

// Event draws any event, with [Segment] where a segment arrives. Fields that
// its kind does not use are zero.
func Event(e model.Endpoint) *rapid.Generator[model.Event] { return event(e, Segment(e)) }

// EventFor draws any event, with [SegmentFor] where a segment arrives.
func EventFor(e model.Endpoint, t model.TCB) *rapid.Generator[model.Event] {
	return event(e, rapid.OneOf(SegmentFor(e, t), SegmentFor(e, t), Segment(e)))
}

func event(e model.Endpoint, segments *rapid.Generator[model.Segment]) *rapid.Generator[model.Event] {
	kinds := rapid.OneOf(
		rapid.Just(model.SegmentArrives),
		rapid.Map(rapid.IntRange(0, model.NumEventKinds-1), func(k int) model.EventKind { return model.EventKind(k) }),
	)
	return rapid.Custom(func(t *rapid.T) model.Event {
		ev := model.Event{Kind: kinds.Draw(t, "event")}
		switch ev.Kind {
		case model.SegmentArrives:
			ev.Segment = segments.Draw(t, "segment")
			ev.ISS = number(e.Space).Draw(t, "ISS")
		case model.OpenActive:
			ev.ISS = number(e.Space).Draw(t, "ISS")
		case model.Send:
			ev.ISS = number(e.Space).Draw(t, "ISS")
			ev.N = few(longest(e.Space)).Filter(positive).Draw(t, "octets")
			ev.Push = rapid.Bool().Draw(t, "push")
			ev.Urgent = rapid.Bool().Draw(t, "urgent")
		case model.Receive:
			ev.N = few(e.Window).Filter(positive).Draw(t, "octets")
		}
		if ev.Kind <= model.Status && rapid.IntRange(0, 7).Draw(t, "refused") == 7 {
			ev.Refusal = model.Refusal(rapid.IntRange(1, model.NumRefusals-1).Draw(t, "refusal"))
		}
		return ev
	})
}
