package modeltest

import "github.com/tcpcheck/tcpcheck/model"

var pairProperties = []Property{
	{
		ID: "synchronized", Source: "3.5",
		Meaning: "When both sides are ESTABLISHED, or later, the IRS of each is the ISS of the other. (A CLOSE in SYN-RECEIVED leads to FIN-WAIT-1 before the SYN is acknowledged: then nothing is agreed yet.)",
		pair: func(p *pair) string {
			a, b := &p.ends[0], &p.ends[1]
			agreed := func(x *end) bool { return x.tcb.State.Synchronized() && x.tcb.SndUna != x.seen.iss }
			if !agreed(a) || !agreed(b) {
				return ""
			}
			return must(a.seen.irs == b.seen.iss && b.seen.irs == a.seen.iss, "A has ISS %d and IRS %d, B ISS %d and IRS %d",
				a.seen.iss, a.seen.irs, b.seen.iss, b.seen.irs)
		},
	},
	{
		ID: "delivered-prefix", Source: "3.4",
		Meaning: "What was delivered to a user is the beginning of what the other user SENT.",
		pair: func(p *pair) string {
			for i := range p.ends {
				to, from := &p.ends[i].seen, &p.ends[1-i].seen
				if to.delivered > 0 && (to.irs != from.iss || to.delivered > from.sent) {
					return must(false, "%d octets from number %d were delivered to %c; SENT were %d from %d",
						to.delivered, to.irs, 'A'+i, from.sent, from.iss)
				}
			}
			return ""
		},
	},
	{
		ID: "falls-silent", Source: "3.10.7.4",
		Meaning: "When the users have done all they want, the exchange of segments ends.",
		end: func(p *pair) string {
			return must(!p.endless, "after %d times %d segments the last is answered still", maxRounds, maxArrivals)
		},
	},
	{
		ID: "settles", Source: "3.6, 3.8.1",
		Meaning: "When both users have closed, and the network delivers, both sides reach CLOSED, A or B through TIME-WAIT.",
		end: func(p *pair) string {
			if p.failed() {
				return ""
			}
			a, b := p.state(0), p.state(1)
			return must(a == model.Closed && b == model.Closed, "A is left in %v, B in %v", a, b)
		},
	},
	{
		ID: "all-delivered", Source: "3.6, 3.8.1",
		Meaning: "Each user then received all that the other SENT, or heard of a failure.",
		end: func(p *pair) string {
			if p.failed() {
				return ""
			}
			for i := range p.ends {
				to, from := &p.ends[i].seen, &p.ends[1-i].seen
				if from.synced && to.delivered != from.sent {
					return must(false, "%d octets were SENT to %c, %d delivered, and nobody heard of a failure", from.sent, 'A'+i, to.delivered)
				}
			}
			return ""
		},
	},
}
