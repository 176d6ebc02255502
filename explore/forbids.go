package explore

import (
	"slices"

	"github.com/tcpcheck/tcpcheck/model"
)

// Forbids says why a rule can't fire in the scenario, as far as its choices and
// budgets tell; "" if they permit it. Of a mutant nothing is known.
func (sc *Scenario) Forbids(r model.Rule) string {
	if sc.Mutant != "" {
		return ""
	}
	return sc.lacks(ruleNeeds[r])
}

// forbidsState does the same for a state.
func (sc *Scenario) forbidsState(s model.State) string {
	if sc.Mutant != "" {
		return ""
	}
	return sc.lacks(stateNeeds[s])
}

// need says what a scenario lacks, or "".
type need func(sc *Scenario) string

func (sc *Scenario) lacks(all []need) string {
	for _, n := range all {
		if lack := n(sc); lack != "" {
			return lack
		}
	}
	return ""
}

// some is the need of a side, of which it says what is so if there is none.
func some(lack string, has func(s *SideSpec) bool) need {
	return whole(lack, func(sc *Scenario) bool { return has(&sc.Sides[0]) || has(&sc.Sides[1]) })
}

// whole is a need of the scenario.
func whole(lack string, has func(sc *Scenario) bool) need {
	return func(sc *Scenario) string {
		if has(sc) {
			return ""
		}
		return lack
	}
}

// chosen is the need of one of these values of a choice.
func chosen(name string, values ...string) need {
	for _, c := range model.Choices() {
		if c.Name == name {
			return func(sc *Scenario) string {
				if v := c.Get(sc.Behaviours); !slices.Contains(values, v) {
					return name + " is " + v
				}
				return ""
			}
		}
	}
	panic("explore: no choice is called " + name)
}

// leftOver tells whether such a segment is in the network at the start, or may be
// forged.
func leftOver(sc *Scenario, such func(g *model.Segment) bool) bool {
	if sc.attacked() {
		for form := range forgery(1) << forgedFlagBits {
			if p := sc.forge(form); such(&p.Segment) {
				return true
			}
		}
	}
	for _, list := range sc.old {
		for i := range list {
			if such(&list[i]) {
				return true
			}
		}
	}
	return false
}

// ofOld is the need of a segment of no connection of the scenario.
func ofOld(lack string, such func(g *model.Segment) bool) need {
	return whole(lack, func(sc *Scenario) bool { return leftOver(sc, such) })
}

// afterFIN is the need of such a segment where the peer's FIN has been: one of no
// connection, or any where TIME-WAIT is entered without that FIN.
func afterFIN(lack string, such func(g *model.Segment) bool) need {
	return whole(lack, func(sc *Scenario) bool {
		return sc.Behaviours.AfterReset == model.ResetTimeWaits || leftOver(sc, such)
	})
}

func hasSYN(g *model.Segment) bool    { return g.Flags.Has(model.SYN) }
func hasFIN(g *model.Segment) bool    { return g.Flags.Has(model.FIN) }
func hasText(g *model.Segment) bool   { return g.Len > 0 }
func isUrgent(g *model.Segment) bool  { return g.Flags.Has(model.URG) }
func isStrange(g *model.Segment) bool { return g.BadSecurity }

// opensSomehow tells whether the side may leave CLOSED by these ways.
func opensSomehow(s *SideSpec, ways ...Opening) bool {
	return s.Budget.Opens > 0 && slices.Contains(ways, s.Open)
}

// The needs. A connection that starts established may be opened anew.
var (
	passive = some("nobody opens passively", func(s *SideSpec) bool { return opensSomehow(s, OpensPassively, OpensEither) })
	active  = some("nobody opens actively", func(s *SideSpec) bool { return opensSomehow(s, OpensActively, OpensEither) })
	either  = some("nobody who listens may open actively", func(s *SideSpec) bool { return opensSomehow(s, OpensEither) })
	opened  = whole("no connection is opened", func(sc *Scenario) bool {
		return sc.Sides[0].Budget.Opens+sc.Sides[1].Budget.Opens > 0 || sc.Behaviours.SynInTimeWait == model.SynReopens
	})
	simultaneous = whole("nobody can open at the same time as another", func(sc *Scenario) bool {
		ways := []Opening{OpensActively, OpensEither}
		return opensSomehow(&sc.Sides[0], ways...) && opensSomehow(&sc.Sides[1], ways...) || active(sc) == "" && leftOver(sc, hasSYN)
	})
	syns     = whole("no connection is opened", func(sc *Scenario) bool { return opened(sc) == "" || leftOver(sc, hasSYN) })
	sends    = some("nobody SENDs", func(s *SideSpec) bool { return s.Budget.Octets > 0 })
	urgent   = whole("nobody SENDs urgent text", func(sc *Scenario) bool { return sc.Sides[0].Urgent || sc.Sides[1].Urgent || leftOver(sc, isUrgent) })
	texts    = whole("nobody SENDs", func(sc *Scenario) bool { return sends(sc) == "" || leftOver(sc, hasText) })
	closes   = some("nobody closes", func(s *SideSpec) bool { return s.Budget.Closes > 0 })
	fins     = whole("nobody closes", func(sc *Scenario) bool { return closes(sc) == "" || leftOver(sc, hasFIN) })
	aborts   = some("nobody aborts", func(s *SideSpec) bool { return s.Budget.Aborts > 0 })
	asks     = some("there are no asides", func(s *SideSpec) bool { return s.Budget.Asides > 0 })
	stubborn = some("no user is stubborn", func(s *SideSpec) bool { return s.Stubborn })
	slow     = some("all users read at once", func(s *SideSpec) bool { return s.Slow })
	stranger = whole("all are of one security compartment", func(sc *Scenario) bool {
		return sc.Sides[0].OtherSecurity || sc.Sides[1].OtherSecurity || leftOver(sc, isStrange)
	})
	softErrors = some("no soft errors are reported", func(s *SideSpec) bool { return s.Budget.SoftErrors > 0 })
	hardErrors = some("no hard errors are reported", func(s *SideSpec) bool { return s.Budget.HardErrors > 0 })
	crashes    = some("nobody crashes", func(s *SideSpec) bool { return s.Budget.Crashes > 0 })
	keepAlives = some("there are no keep-alives", func(s *SideSpec) bool { return s.Budget.KeepAlives > 0 })
	givesUp    = whole("nobody gives up", func(sc *Scenario) bool { return sc.UserTimeout })
	repeats    = whole("nothing is retransmitted", func(sc *Scenario) bool { return sc.Retransmissions > 0 })
	synText    = whole("no text or FIN travels on a SYN", func(sc *Scenario) bool {
		return sc.Behaviours.SynText == model.SynTextSent || leftOver(sc, func(g *model.Segment) bool {
			return hasSYN(g) && (hasText(g) || hasFIN(g) || isUrgent(g))
		})
	})
	holds = whole("nothing is held", func(sc *Scenario) bool {
		return synText(sc) == "" || sc.Behaviours.OutOfOrder != model.OutOfOrderDropped
	})
	oldText = ofOld("no text is left over from an earlier connection", hasText)
	oldFIN  = afterFIN("no FIN comes after a FIN", hasFIN)
	oldURG  = afterFIN("no urgent segment comes after a FIN", isUrgent)
	oldBare = ofOld("all segments have a SYN, an ACK or a RST", func(g *model.Segment) bool {
		return g.Flags&(model.SYN|model.ACK|model.RST) == 0
	})
	resetText = ofOld("no RST has text", func(g *model.Segment) bool { return g.Flags.Has(model.RST) && hasText(g) })
	ended     = whole("nobody closes", func(sc *Scenario) bool {
		return fins(sc) == "" && oldText(sc) == "" || sc.Behaviours.AfterReset == model.ResetTimeWaits
	})
	waits = whole("nobody closes", func(sc *Scenario) bool {
		return closes(sc) == "" || sc.Behaviours.AfterReset == model.ResetTimeWaits
	})
)

// stateNeeds is what must be there for a side to enter a state.
var stateNeeds = [model.NumStates][]need{
	model.Listen: {passive}, model.SynSent: {active}, model.SynReceived: {opened},
	model.FinWait1: {closes}, model.FinWait2: {closes}, model.CloseWait: {fins},
	model.Closing: {closes}, model.LastAck: {closes}, model.TimeWait: {waits},
}

// ruleNeeds is what must be there for a rule to fire: what is known without a
// search, and not all that is needed.
var ruleNeeds = [model.NumRules][]need{
	model.CallIllegal: {asks}, model.CallNoConnection: {asks}, model.CallRemoteUnspecified: {asks},
	model.CallNoResources: {asks}, model.OpenNotAllowed: {asks}, model.OpenExists: {asks},
	model.OpenActiveSendsSyn: {active}, model.OpenPassiveListens: {passive},
	model.SendInListen: {either, sends}, model.SynCarriesText: {either, sends, chosen("syn-text", "sent")},
	model.SendQueued: {opened, sends}, model.SendSegmentized: {sends}, model.SendUrgent: {sends, urgent},
	model.SendAfterClose: {closes, whole("no user is stubborn", func(sc *Scenario) bool { return stubborn(sc) == "" || asks(sc) == "" })}, model.TextSent: {sends}, model.FinSent: {closes},
	model.ReceiveQueued: {asks}, model.ReceiveReturnsText: {slow, texts}, model.ReceiveClosing: {whole("there are no asides, and all users read at once", func(sc *Scenario) bool { return asks(sc) == "" || slow(sc) == "" })},
	model.WindowUpdate: {slow, texts}, model.CloseInListen: {passive, closes}, model.CloseInSynSent: {active, closes},
	model.CloseInSynReceived:       {opened, closes, chosen("close-in-syn-received", "sends-fin")},
	model.CloseQueuedInSynReceived: {opened, closes}, model.CloseInEstablished: {closes}, model.CloseInCloseWait: {closes},
	model.CloseTwice: {stubborn, closes}, model.CloseUnreadResets: {closes, slow, texts, chosen("close-unread", "resets")},
	model.AbortInListen: {passive, aborts}, model.AbortInSynSent: {active, aborts},
	model.AbortSendsReset: {aborts}, model.AbortWhenClosing: {aborts, waits}, model.StatusReturnsState: {asks},
	model.ResetEntersTimeWait: {chosen("after-reset", "time-wait")},

	model.ListenIgnoresReset: {passive}, model.ListenBadAck: {passive}, model.ListenSecurity: {passive, stranger},
	model.ListenSyn: {passive}, model.ListenDrops: {passive, oldBare}, model.SynTextHeld: {opened, synText},
	model.SynSentBadAck: {active}, model.SynSentBadAckReset: {active}, model.SynSentResetNoAck: {active},
	model.SynSentReset: {active}, model.SynSentSecurity: {active, stranger}, model.SynSentDrops: {active},
	model.SynSentSynAck: {active}, model.SynSentSyn: {simultaneous},

	model.SequenceTrimmed:     {texts},
	model.HeldProcessed:       {holds},
	model.SequenceZeroWindow:  {slow, texts},
	model.TimeWaitFinRestarts: {waits, fins, chosen("fin-in-time-wait", "restarts")},
	model.TimeWaitReopens:     {waits, chosen("syn-in-time-wait", "reopens")},
	model.ReopenReturns:       {waits, chosen("syn-in-time-wait", "reopens")},
	model.RepeatedSynAnswered: {opened, chosen("repeated-syn", "syn-ack")},
	model.SynAckCounts:        {opened, chosen("syn-ack-in-syn-received", "establishes")},
	model.AboveHeld:           {chosen("out-of-order", "held", "text-held")},
	model.AboveAcked:          {chosen("out-of-order-answer", "ack")},
	model.ResetOutsideWindow:  {resetText, chosen("reset", "exact", "in-window")},
	model.ResetChallenged:     {chosen("reset", "exact")},

	model.ResetSynReceivedPassive: {opened}, model.ResetSynReceivedActive: {simultaneous},
	model.ResetReturnsToSynSent: {simultaneous, chosen("active-reset", "returns")}, model.ResetClosing: {waits},
	model.ResetIgnoredInTimeWait: {waits, chosen("rst-in-time-wait", "ignored")},
	model.SecuritySynReceived:    {opened, stranger}, model.SecuritySynchronized: {stranger},
	model.SynReceivedPassiveSyn: {opened, passive, chosen("syn-received-syn", "returns")},
	model.SynReceivedRefuses:    {opened, chosen("syn-received-syn", "refused")},
	model.SynChallengeAck:       {syns, chosen("syn", "challenged")},
	model.SynInWindowResets:     {syns, chosen("syn", "resets")},
	model.AckOutOfRange:         {chosen("ack-range", "rfc5961")}, model.AckBeyond: {chosen("ack-range", "rfc793")},
	model.SynReceivedBadAck: {opened}, model.SynReceivedEstablishes: {opened},
	model.FinAckedInFinWait1: {closes}, model.FinAckedInClosing: {closes}, model.FinAckedInLastAck: {closes}, model.ClosingIgnores: {closes},
	model.UrgAdvances: {urgent}, model.UrgIgnored: {oldURG}, model.TextDelivered: {texts}, model.TextIgnored: {ended, texts},
	model.TextAfterCloseResets: {fins, texts, chosen("close-unread", "resets")},
	model.FinInEstablished:     {fins}, model.FinInFinWait1: {closes}, model.FinInFinWait2: {closes},
	model.FinInTimeWaitRestarts: {waits, oldFIN}, model.FinRemains: {oldFIN},

	model.UserTimeoutAborts: {givesUp}, model.RetransmitFront: {repeats}, model.TimeWaitEnds: {waits},
	model.FinWait2Ends: {closes, chosen("fin-wait-2", "timeout")}, model.KeepAlive: {keepAlives}, model.ProbeZeroWindow: {slow, sends},
	model.SoftErrorReported: {softErrors}, model.HardErrorAborts: {hardErrors},
	model.HardErrorNoted: {hardErrors, chosen("hard-errors", "noted")}, model.CrashLosesTCB: {crashes},
	model.QuietTime: {crashes, chosen("after-crash", "quiet-time"), whole("no time passes", func(sc *Scenario) bool { return sc.MSL > 0 })},
}
