package modeltest

import (
	"fmt"
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// Config is a scenario for [Run]: who opens, what the users and the network
// may do, and what is judged. The zero value of a field means none of it.
type Config struct {
	Name string // for subtests; no meaning

	// Step is the stack under test; nil is the model's.
	Step model.StepFunc
	// Endpoints are A and B. A zero Endpoint is [DefaultEndpoint].
	Endpoints [2]model.Endpoint

	// Simultaneous: both sides OPEN actively. Otherwise A does, and B listens;
	// a SEND may make B active (§3.10.2 LISTEN).
	Simultaneous bool
	// SendOpens: A listens too, and its SEND in LISTEN opens; text may travel
	// on the SYN (§3.10.2 LISTEN).
	SendOpens bool
	// Octets that each user SENDs at most. With the controls they must fit
	// into half the space.
	Octets uint32
	// Aborts: users may ABORT, and the network report a host unreachable.
	Aborts bool

	// Losses and Duplicates are how many segments at most the network loses
	// and repeats; Reorders, whether one may overtake another.
	Losses, Duplicates int
	Reorders           bool
	// Strangers is how many segments arrive at most that nobody sent, with
	// numbers near the right ones. Then only single steps are judged: what two
	// ends agree on, a stranger may spoil.
	Strangers int

	// DelayedACK: text may be acknowledged by a later event (§3.8.6.3).
	DelayedACK bool
	// Without names properties that are not judged.
	Without []string
}

// DefaultEndpoint is an endpoint of RFC 9293 with real sequence numbers, a
// window of 4 octets that unread text narrows, retransmissions without limit,
// and a TIME-WAIT of 4 ticks.
func DefaultEndpoint() model.Endpoint {
	return model.Endpoint{
		Space: model.Space32, Window: 4, SlowReader: true,
		Retransmissions: model.Unlimited, MSL: 2, TimeWait: 4,
	}
}

// Scenarios are configs that together judge every property, for subtests:
//
//	for _, cfg := range modeltest.Scenarios() {
//		cfg.Step = step
//		t.Run(cfg.Name, rapid.MakeCheck(func(t *rapid.T) { modeltest.Run(t, cfg) }))
//	}
func Scenarios() []Config {
	plain := DefaultEndpoint()
	// Where the network loses or reorders, an end that drops what lies above
	// RCV.NXT together with its ACK may never learn that its text arrived (see
	// [EndingProperties]); one that takes the ACK at once does.
	acks := plain
	acks.Behaviours.OutOfOrder = model.OutOfOrderTextHeld
	small := acks
	small.Space, small.Window = space(4), 2
	textOnSyn := acks
	textOnSyn.Behaviours.SynText = model.SynTextSent
	// With text on both SYNs neither side's ACK begins where the other expects
	// it; only the ACK of the SYN,ACK can count, as in figure 7.
	textOnSyn.Behaviours.SynAckInSynRcvd = model.SynAckEstablishes
	quick := acks
	quick.SlowReader = false
	impatient := acks
	impatient.Retransmissions = 1

	return []Config{
		{Name: "perfect network", Octets: 6},
		{Name: "lossy", Octets: 6, Losses: 6, Endpoints: both(quick)},
		{Name: "slow readers", Octets: 12, Losses: 3, Duplicates: 1, Endpoints: both(acks)},
		{Name: "any order", Octets: 6, Losses: 4, Duplicates: 4, Reorders: true, Endpoints: both(acks)},
		{Name: "simultaneous open", Octets: 4, Losses: 4, Duplicates: 2, Reorders: true, Simultaneous: true, Endpoints: both(acks)},
		{Name: "16 numbers", Octets: 3, Losses: 4, Duplicates: 1, Reorders: true, Endpoints: both(small)},
		{Name: "text on SYN", Octets: 6, Losses: 4, Duplicates: 2, SendOpens: true, Endpoints: both(textOnSyn)},
		{Name: "drops above RCV.NXT", Octets: 6, Losses: 4, Duplicates: 4, Reorders: true, Without: EndingProperties()},
		// After a CLOSE in SYN-RECEIVED an ACK of another connection draws an ACK,
		// no RST, so two ends that do not belong together answer each other.
		{Name: "aborts", Octets: 4, Losses: 3, Duplicates: 3, Reorders: true, Aborts: true, Endpoints: both(acks), Without: []string{"falls-silent"}},
		{Name: "gives up", Octets: 4, Losses: 9, Endpoints: both(impatient)},
		{Name: "strangers", Octets: 6, Losses: 2, Duplicates: 2, Reorders: true, Aborts: true, Strangers: 8},
		{Name: "strangers, simultaneous open", Octets: 4, Simultaneous: true, Strangers: 8},
	}
}

func both(e model.Endpoint) [2]model.Endpoint { return [2]model.Endpoint{e, e} }

// EndingProperties names the properties of what is reached when all faults
// have ended, for [Config.Without]. An end that drops a segment above RCV.NXT
// with its ACK, as the first check of 3.10.7.4 lets it where SHLD-31 is not
// followed, does not keep them: when both FINs are lost, the ACKs of both ends
// lie above what the other expects, text repeated lies below it, and neither
// ever hears that its text arrived.
func EndingProperties() (ids []string) {
	for _, p := range properties {
		if p.end != nil {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// complete fills in what is zero, or returns an error.
func (c Config) complete() (Config, error) {
	if c.Step == nil {
		c.Step = model.Step
	}
	for i := range c.Endpoints {
		e := &c.Endpoints[i]
		if *e == (model.Endpoint{}) {
			*e = DefaultEndpoint()
		}
		if err := e.Check(); err != nil {
			return c, fmt.Errorf("endpoint %c: %w", 'A'+i, err)
		}
		if most := longest(e.Space); c.Octets > most-2 {
			return c, fmt.Errorf("%d octets, a SYN and a FIN: want at most half of the %d numbers of endpoint %c", c.Octets, e.Space.Size(), 'A'+i)
		}
	}
	if a, b := c.Endpoints[0].Space, c.Endpoints[1].Space; a != b {
		return c, fmt.Errorf("spaces of %d and %d numbers: want the same on both sides", a.Size(), b.Size())
	}
	for _, id := range c.Without {
		if !slices.ContainsFunc(properties, func(p Property) bool { return p.ID == id }) {
			return c, fmt.Errorf("property %q, which is not to be judged, is not known", id)
		}
	}
	return c, nil
}
