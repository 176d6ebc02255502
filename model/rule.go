package model

import "fmt"

// Rule is a paragraph of RFC 9293 (or of an RFC that it points to) that
// decides something. [Output.Rules] says which did, [Endpoint.Allows] which
// forbid; [Rule.Info] tells what it is.
type Rule uint8

// The rules that Step follows, in the order of section 3.10.
const (
	CallIllegal Rule = iota
	CallNoConnection
	CallNoResources
	CallRemoteUnspecified
	OpenNotAllowed
	OpenActiveSendsSyn
	OpenPassiveListens
	OpenExists
	SendInListen
	SynCarriesText
	SendQueued
	SendSegmentized
	SendUrgent
	SendAfterClose
	TextSent
	FinSent
	ReceiveQueued
	ReceiveReturnsText
	ReceiveClosing
	WindowUpdate
	CloseInListen
	CloseInSynSent
	CloseInSynReceived
	CloseQueuedInSynReceived
	CloseInEstablished
	CloseInCloseWait
	CloseTwice
	CloseUnreadResets
	AbortInListen
	AbortInSynSent
	AbortSendsReset
	AbortWhenClosing
	StatusReturnsState
	ResetEntersTimeWait
	ClosedDropsReset
	ClosedResets
	ListenIgnoresReset
	ListenBadAck
	ListenSecurity
	ListenSyn
	ListenDrops
	SynTextHeld
	SynSentBadAck
	SynSentBadAckReset
	SynSentResetNoAck
	SynSentReset
	SynSentSecurity
	SynSentDrops
	SynSentSynAck
	SynSentSyn
	SequenceUnacceptable
	SequenceDropsReset
	SequenceTrimmed
	SequenceZeroWindow
	TimeWaitFinRestarts
	TimeWaitReopens
	ReopenReturns
	RepeatedSynAnswered
	SynAckCounts
	AboveDropped
	AboveHeld
	AboveAcked
	HeldProcessed
	ResetOutsideWindow
	ResetChallenged
	ResetSynReceivedPassive
	ResetSynReceivedActive
	ResetReturnsToSynSent
	ResetSynchronized
	ResetClosing
	ResetIgnoredInTimeWait
	SecuritySynReceived
	SecuritySynchronized
	SynReceivedPassiveSyn
	SynReceivedRefuses
	SynChallengeAck
	SynInWindowResets
	AckOff
	AckOutOfRange
	AckBeyond
	SynReceivedBadAck
	SynReceivedEstablishes
	AckAdvances
	AckOld
	WindowFromSegment
	FinAckedInFinWait1
	FinAckedInClosing
	FinAckedInLastAck
	ClosingIgnores
	UrgAdvances
	UrgIgnored
	TextDelivered
	TextIgnored
	TextAfterCloseResets
	FinInEstablished
	FinInFinWait1
	FinInFinWait2
	FinInTimeWaitRestarts
	FinRemains
	UserTimeoutAborts
	RetransmitFront
	TimeWaitEnds
	FinWait2Ends
	KeepAlive
	ProbeZeroWindow
	SoftErrorReported
	HardErrorAborts
	HardErrorNoted
	CrashLosesTCB
	QuietTime
)

// The rules by which Allows forbids.
const (
	ForbidsOnlyReset Rule = ForbidsFirst + iota
	ForbidsResetForm
	ForbidsSynOnlyOnce
	ForbidsSynForm
	ForbidsOnlySyn
	ForbidsAckMissing
	ForbidsAckNotReceived
	ForbidsTextBeforeEstablished
	ForbidsSequenceNotOurs
	ForbidsBeyondWindow
	ForbidsBeforeUna
	ForbidsNeverQueued
	ForbidsFinWithoutClose
	ForbidsFinMoved
	ForbidsTextAfterFin
)

// ForbidsFirst separates the rules of Step from those of Allows; NumRules
// counts both.
const (
	ForbidsFirst = QuietTime + 1
	NumRules     = int(ForbidsTextAfterFin) + 1
)

// RuleInfo describes a [Rule].
type RuleInfo struct {
	ID      string // stable, as the command line writes it
	Section string // of RFC 9293, unless it names another
	Title   string
	Meaning string
}

// Info describes the rule.
func (r Rule) Info() RuleInfo {
	if int(r) < NumRules {
		return ruleInfos[r]
	}
	return RuleInfo{ID: fmt.Sprintf("rule(%d)", uint8(r))}
}

// String is the rule's ID.
func (r Rule) String() string { return r.Info().ID }

// ParseRule finds the rule with the ID.
func ParseRule(id string) (Rule, bool) {
	for i, info := range ruleInfos {
		if info.ID == id {
			return Rule(i), true
		}
	}
	return 0, false
}
