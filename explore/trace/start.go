package trace

import (
	"fmt"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// Connected is the TCB of side s in the middle of a connection, "(send 300,
// receive 100)" in the words of figure 9: everything before these numbers is
// sent and acknowledged, received and read. For states in which more is
// outstanding, or a timer runs, it is where to begin.
func (setup *Setup) Connected(s Side, state model.State, send, receive model.Seq) model.TCB {
	e, peer := &setup.Endpoints[s], &setup.Endpoints[s.Other()]
	wnd := peer.Window
	return model.TCB{
		State: state, Retries: e.Retransmissions,
		ISS: e.Space.Sub(send, 1), SndUna: send, SndNxt: send, SndUp: send, SndWl2: send,
		IRS: e.Space.Sub(receive, 1), RcvNxt: receive, RcvUp: receive, SndWl1: receive,
		SndWnd: wnd, MaxSndWnd: wnd, RcvWnd: e.Window,
	}
}

// tcbText writes a TCB that a run starts with: the state, in a synchronized
// state "(send n, receive n)", and the variables that differ from what these
// say.
func tcbText(setup *Setup, s Side) string {
	t := setup.Start[s]
	text := t.State.String()
	base := model.TCB{State: t.State}
	if t.State.Synchronized() {
		base = setup.Connected(s, t.State, t.SndUna, t.RcvNxt)
		text += fmt.Sprintf(" (send %d, receive %d)", t.SndUna, t.RcvNxt)
	}
	for _, v := range variables {
		if is := v.get(&t); is != v.get(&base) {
			text += " " + v.name + "=" + is
		}
	}
	return text
}

// parseTCB reads what tcbText writes.
func parseTCB(setup *Setup, s Side, text string) (t model.TCB, err error) {
	name, rest, _ := strings.Cut(text, " ")
	state, ok := model.ParseState(name)
	if !ok {
		return t, fmt.Errorf("%.40q: want a state such as ESTABLISHED", name)
	}
	t.State = state
	rest = strings.TrimSpace(rest)
	if inside, found := strings.CutPrefix(rest, "("); found {
		inside, after, closed := strings.Cut(inside, ")")
		send, receive, err := parseSendReceive(inside)
		if !closed || err != nil {
			return t, fmt.Errorf("%.40q: want (send n, receive n)", rest)
		}
		if space := setup.Endpoints[s].Space; !space.Contains(send) || !space.Contains(receive) {
			return t, fmt.Errorf("(%s): the space has %d numbers", inside, space.Size())
		}
		t = setup.Connected(s, state, send, receive)
		rest = after
	}
	for _, field := range strings.Fields(rest) {
		name, value, _ := strings.Cut(field, "=")
		found := false
		for _, v := range variables {
			if v.name == name {
				found = true
				if err := v.set(&t, value); err != nil {
					return t, err
				}
			}
		}
		if !found {
			return t, fmt.Errorf("%.40q: want a variable such as SND.NXT=301", field)
		}
	}
	return t, nil
}

// parseSendReceive reads the words of figure 9, "send 300,receive 100".
func parseSendReceive(text string) (send, receive model.Seq, err error) {
	words := strings.Fields(strings.Replace(text, ",", " ", 1))
	if len(words) != 4 || words[0] != "send" || words[2] != "receive" {
		return 0, 0, fmt.Errorf("want (send n, receive n)")
	}
	a, err := parseNumber(words[1], 32)
	if err != nil {
		return 0, 0, err
	}
	b, err := parseNumber(words[3], 32)
	return model.Seq(a), model.Seq(b), err
}
