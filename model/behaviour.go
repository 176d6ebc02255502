package model

// Behaviours are the choices that RFC 9293 leaves open, or that other RFCs
// and implementations decide differently. The zero value is RFC 9293 with the
// mitigations of RFC 5961. Each choice is read at the paragraph that offers
// it; [Choices] lists them with their names and meanings.
type Behaviours struct {
	Reset            ResetCheck       // what a RST needs to be believed in SYN-RECEIVED and the synchronized states
	Syn              SynCheck         // the answer to a SYN in a synchronized state
	AckRange         AckRange         // which ACKs are looked at (MAY-12)
	RstInTimeWait    RstInTimeWait    // what a RST does in TIME-WAIT
	FinInTimeWait    FinInTimeWait    // what the peer's repeated FIN does in TIME-WAIT
	SynInTimeWait    SynInTimeWait    // what a SYN above RCV.NXT does in TIME-WAIT (MAY-2)
	AfterReset       AfterReset       // where the side that issues a reset goes
	AfterCrash       AfterCrash       // whether quiet time is kept after memory was lost
	CloseUnread      CloseUnread      // what CLOSE means for text that the user has not read (MAY-1)
	FinWait2         FinWait2Wait     // how long FIN-WAIT-2 waits for the peer's FIN
	RepeatedSyn      RepeatedSyn      // the answer to the peer's own SYN, repeated, in SYN-RECEIVED
	ActiveReset      ActiveReset      // where a RST in SYN-RECEIVED leads an active open
	SynReceivedSyn   SynReceivedSyn   // what a new SYN in the window does in SYN-RECEIVED
	SynAckInSynRcvd  SynAckInSynRcvd  // what the peer's SYN,ACK does in SYN-RECEIVED
	SynText          SynText          // whether text of a SEND in LISTEN travels on the SYN
	FinSegment       FinSegment       // whether a FIN travels with the last text
	OutOfOrder       OutOfOrder       // what becomes of segments above RCV.NXT (SHLD-31)
	OutOfOrderAnswer OutOfOrderAnswer // whether a segment above RCV.NXT is answered (MAY-13)
	HardErrors       HardErrors       // what an ICMP hard error does
	ClosingReset     ClosingReset     // whether the user hears of a RST in CLOSING or LAST-ACK (MUST-12)
	CloseInSynRcvd   CloseInSynRcvd   // what CLOSE in SYN-RECEIVED does when nothing was SENT
}

// ResetCheck is what a RST needs to be believed in SYN-RECEIVED and the synchronized states (§3.10.7.4 second).
type ResetCheck uint8

// The values of ResetCheck; the first is the default.
const (
	ResetExact    ResetCheck = iota // SEG.SEQ = RCV.NXT; elsewhere in the window it draws a challenge ACK (RFC 5961 section 3)
	ResetInWindow                   // SEG.SEQ anywhere in the window (RFC 793)
	ResetAny                        // any sequence number
)

// SynCheck is the answer to a SYN in a synchronized state (§3.10.7.4 fourth).
type SynCheck uint8

// The values of SynCheck; the first is the default.
const (
	SynChallenged SynCheck = iota // a challenge ACK, whatever SEG.SEQ (RFC 5961 section 4)
	SynResets                     // a SYN in the window resets the connection (RFC 793)
)

// AckRange is which ACKs are looked at (MAY-12) (§3.10.7.4 fifth).
type AckRange uint8

// The values of AckRange; the first is the default.
const (
	AckRange5961 AckRange = iota // SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT (RFC 5961 section 5)
	AckRange793                  // any that is not above SND.NXT
)

// RstInTimeWait is what a RST does in TIME-WAIT (§3.10.7.4 second).
type RstInTimeWait uint8

// The values of RstInTimeWait; the first is the default.
const (
	RstCloses  RstInTimeWait = iota // the connection is forgotten (RFC 9293)
	RstIgnored                      // it is dropped (RFC 1337)
)

// FinInTimeWait is what the peer's repeated FIN does in TIME-WAIT (§3.10.7.4 first).
type FinInTimeWait uint8

// The values of FinInTimeWait; the first is the default.
const (
	FinRestarts FinInTimeWait = iota // it is acknowledged and 2 MSL start anew (reading 4)
	FinAnswered                      // it is acknowledged only: the letter of the sequence check
)

// SynInTimeWait is what a SYN above RCV.NXT does in TIME-WAIT (MAY-2) (§3.6.1).
type SynInTimeWait uint8

// The values of SynInTimeWait; the first is the default.
const (
	SynAnswered SynInTimeWait = iota // the same as in any synchronized state
	SynReopens                       // a new connection, with an ISS above all that was used (RFC 1122 section 4.2.2.13)
)

// AfterReset is where the side that issues a reset goes (§3.5.2).
type AfterReset uint8

// The values of AfterReset; the first is the default.
const (
	ResetForgets   AfterReset = iota // to CLOSED (3.10.5)
	ResetTimeWaits                   // to TIME-WAIT, as 3.5.2 says it should
)

// AfterCrash is whether quiet time is kept after memory was lost (§3.4.3).
type AfterCrash uint8

// The values of AfterCrash; the first is the default.
const (
	CrashForgets AfterCrash = iota // it may send at once
	CrashQuiets                    // nothing is sent for one MSL
)

// CloseUnread is what CLOSE means for text that the user has not read (MAY-1) (§3.6.1).
type CloseUnread uint8

// The values of CloseUnread; the first is the default.
const (
	CloseKeepsReading CloseUnread = iota // a half-close: text still comes in
	CloseResets                          // unread text, or text that comes later, is answered by a RST (SHLD-3)
)

// FinWait2Wait is how long FIN-WAIT-2 waits for the peer's FIN (§3.10.7.4 fifth).
type FinWait2Wait uint8

// The values of FinWait2Wait; the first is the default.
const (
	FinWait2Forever FinWait2Wait = iota // for ever
	FinWait2Timeout                     // as long as TIME-WAIT lasts, then CLOSED
)

// RepeatedSyn is the answer to the peer's own SYN, repeated, in SYN-RECEIVED (§3.10.7.4 first).
type RepeatedSyn uint8

// The values of RepeatedSyn; the first is the default.
const (
	RepeatedSynAcked    RepeatedSyn = iota // an ACK: the letter of the sequence check
	RepeatedSynSynAcked                    // the SYN,ACK again
)

// ActiveReset is where a RST in SYN-RECEIVED leads an active open (§3.10.7.4 second).
type ActiveReset uint8

// The values of ActiveReset; the first is the default.
const (
	ActiveResetRefuses ActiveReset = iota // to CLOSED, "connection refused": the letter
	ActiveResetReturns                    // back to SYN-SENT, where it came from, as a passive one goes back to LISTEN
)

// SynReceivedSyn is what a new SYN in the window does in SYN-RECEIVED (§3.10.7.4 fourth).
type SynReceivedSyn uint8

// The values of SynReceivedSyn; the first is the default.
const (
	SynReturns            SynReceivedSyn = iota // back to LISTEN if passive, else a challenge ACK: the letter
	SynRefused                                  // a RST, and back to LISTEN or CLOSED
	SynReceivedChallenged                       // a challenge ACK, passive or not
)

// SynAckInSynRcvd is what the peer's SYN,ACK does in SYN-RECEIVED (§3.10.7.4 first).
type SynAckInSynRcvd uint8

// The values of SynAckInSynRcvd; the first is the default.
const (
	SynAckAcked       SynAckInSynRcvd = iota // an ACK, since it lies below RCV.NXT: the letter of the sequence check
	SynAckEstablishes                        // its ACK counts, as figure 7 shows
)

// SynText is whether text of a SEND in LISTEN travels on the SYN (§3.10.2 LISTEN).
type SynText uint8

// The values of SynText; the first is the default.
const (
	SynTextQueued SynText = iota // it waits for ESTABLISHED
	SynTextSent                  // it is sent on the SYN
)

// FinSegment is whether a FIN travels with the last text (§3.10.4 ESTABLISHED).
type FinSegment uint8

// The values of FinSegment; the first is the default.
const (
	FinAlone       FinSegment = iota // the FIN is a segment of its own
	FinPiggybacked                   // it rides on the last text that leaves or is repeated
)

// OutOfOrder is what becomes of segments above RCV.NXT (SHLD-31) (§3.10.7.4 first).
type OutOfOrder uint8

// The values of OutOfOrder; the first is the default.
const (
	OutOfOrderDropped  OutOfOrder = iota // checks 1 to 4, then dropped (reading 6)
	OutOfOrderHeld                       // kept whole until RCV.NXT gets there
	OutOfOrderTextHeld                   // its ACK counts at once, text and FIN are kept
)

// OutOfOrderAnswer is whether a segment above RCV.NXT is answered (MAY-13) (§3.10.7.4 seventh).
type OutOfOrderAnswer uint8

// The values of OutOfOrderAnswer; the first is the default.
const (
	OutOfOrderSilent OutOfOrderAnswer = iota // no
	OutOfOrderAcked                          // by an ACK at once
)

// HardErrors is what an ICMP hard error does (§3.9.2.2).
type HardErrors uint8

// The values of HardErrors; the first is the default.
const (
	HardErrorsAbort HardErrors = iota // the connection is aborted (SHLD-26)
	HardErrorsNoted                   // in a synchronized state it is only reported
)

// ClosingReset is whether the user hears of a RST in CLOSING or LAST-ACK (MUST-12) (§3.10.7.4 second).
type ClosingReset uint8

// The values of ClosingReset; the first is the default.
const (
	ClosingResetSilent   ClosingReset = iota // no: the letter
	ClosingResetReported                     // "connection reset", as in the states before
)

// CloseInSynRcvd is what CLOSE in SYN-RECEIVED does when nothing was SENT (§3.10.4 SYN-RECEIVED).
type CloseInSynRcvd uint8

// The values of CloseInSynRcvd; the first is the default.
const (
	CloseSendsFin CloseInSynRcvd = iota // a FIN at once, and FIN-WAIT-1: the letter
	CloseWaits                          // it is queued until ESTABLISHED
)
