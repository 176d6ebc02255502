package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// columnB is the first column that belongs to B in a line without a segment.
const columnB = 25

// note is what stands in parentheses beside a segment.
type note struct {
	place
	word string
	iss  model.Seq
}

// segmentLine is a line with a segment, taken apart.
type segmentLine struct {
	place   // of the segment
	segment model.Segment
	to      Side
	departs bool
	arrives bool
	name    token // #3; its text is "" if there is none
	states  []token
	sides   []Side // of the states
	notes   []note
}

// segmentRow reads a line whose i-th token is a segment, and what it says.
func (p *parser) segmentRow(tokens []token, i int) error {
	l, err := p.takeApart(tokens, i)
	if err != nil {
		return err
	}
	id := 0
	switch {
	case l.departs:
		id, err = p.departs(l)
	case l.has(wordAttack):
		if l.name.text != "" {
			return l.name.errorf("an attacker's segment has no number")
		}
		err = p.arrives(l, Action{Kind: Attack, Side: l.to, Event: model.Event{Kind: model.SegmentArrives, Segment: l.segment}})
	default:
		id, err = p.inNetwork(l)
	}
	if err == nil && id != 0 && l.arrives {
		err = p.happensTo(l, id)
	}
	if err != nil {
		return err
	}
	for i, t := range l.states {
		if err := p.state(l.sides[i], t); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) takeApart(tokens []token, i int) (*segmentLine, error) {
	l := &segmentLine{place: tokens[i].place}
	left, right := tokens[:i], tokens[i+1:]
	if len(right) > 0 && right[0].kind == nameToken {
		l.name, right = right[0], right[1:]
	}
	if len(left) == 0 || left[len(left)-1].kind != arrowToken || len(right) == 0 || right[0].kind != arrowToken {
		return nil, l.errorf("want an arrow (-->, <--, ...) on both sides of the segment")
	}
	arrows := left[len(left)-1].text + " " + right[0].text
	switch arrows {
	case "--> ...", "... -->", "--> -->":
		l.to, l.departs, l.arrives = B, arrows[0] == '-', strings.HasSuffix(arrows, "-->")
	case "... <--", "<-- ...", "<-- <--":
		l.to, l.departs, l.arrives = A, strings.HasSuffix(arrows, "<--"), arrows[0] == '<'
	default:
		return nil, l.errorf("the arrows %s don't go together: want --> and ... for a segment to B, <-- and ... for one to A", arrows)
	}
	var err error
	if l.segment, err = p.header.segment(l.to.Other(), tokens[i].text); err != nil {
		return nil, l.wrap(err)
	}
	for side, list := range [2][]token{left[:len(left)-1], right[1:]} {
		for _, t := range list {
			switch t.kind {
			case wordToken:
				l.states, l.sides = append(l.states, t), append(l.sides, Side(side))
			case parenToken:
				if err := l.note(t); err != nil {
					return nil, err
				}
			default:
				return nil, t.errorf("%s: one segment a line", t.text)
			}
		}
	}
	return l, l.consistent()
}

// isRemark tells whether the text in parentheses is for people.
func isRemark(text string) bool {
	return strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?")
}

func (l *segmentLine) note(t token) error {
	if isRemark(t.text) {
		return nil
	}
	if number, found := strings.CutPrefix(t.text, "ISS="); found {
		n, err := parseNumber(number, 32)
		if err != nil {
			return t.errorf("ISS: %w", err)
		}
		l.notes = append(l.notes, note{t.place, "ISS", model.Seq(n)})
		return nil
	}
	words := []string{wordLost, wordDropped, wordExpired, wordDuplicate, wordCopyStays, wordAttack}
	if slices.Contains(words, t.text) {
		l.notes = append(l.notes, note{t.place, t.text, 0})
		return nil
	}
	if _, _, err := parseEvent(t.text); err == nil {
		return t.errorf("(%s): a call or timeout stands on a line of its own, above the segment that it sends", t.text)
	}
	return t.errorf("(%.40s): want one of %q beside a segment, ISS=n, or a remark that ends in ! or ?", t.text, words)
}

func (l *segmentLine) has(word string) bool {
	return slices.ContainsFunc(l.notes, func(n note) bool { return n.word == word })
}

// consistent refuses notes that contradict the arrows or each other.
func (l *segmentLine) consistent() error {
	fates := 0
	for i, n := range l.notes {
		for _, m := range l.notes[:i] {
			if m.word == n.word {
				return n.errorf("(%s) stands here twice", n.word)
			}
		}
		switch n.word {
		case wordLost, wordDropped, wordExpired, wordCopyStays:
			fates++
		}
		switch {
		case !l.arrives:
			return n.errorf("(%s): the segment does not arrive here; draw an arrow to the receiver", n.word)
		case fates > 1:
			return n.errorf("(%s): something else became of the segment already", n.word)
		case n.word == wordDropped && !l.departs:
			return n.errorf("(dropped): it is dropped when it leaves; draw an arrow from the sender, or write (lost)")
		case (n.word == wordExpired || n.word == wordAttack) && l.departs:
			return n.errorf("(%s): it does not leave here; draw ... at the sender", n.word)
		case n.word == "ISS" && fates > 0 && !l.has(wordCopyStays):
			return n.errorf("(ISS=%d): the segment does not arrive", n.iss)
		}
	}
	if l.has(wordAttack) && fates > 0 {
		return l.errorf("(attack): an attacker's segment arrives at once")
	}
	return nil
}

// departs gives a segment that leaves its number, and expects it.
func (p *parser) departs(l *segmentLine) (id int, err error) {
	from := l.to.Other()
	i := p.last[from]
	if i < 0 {
		return 0, l.errorf("%v has no cause to send: write the call above, such as (OPEN active)", from)
	}
	if p.sent[i] == 2*model.MaxSent {
		return 0, l.errorf("more than %d segments are sent at once", p.sent[i])
	}
	if l.has(wordDropped) {
		p.segments = append(p.segments, shown{to: l.to, look: look(l.to, l.segment), gone: true})
		p.script.Actions[i].Dropped |= 1 << p.sent[i]
		id = len(p.segments)
	} else {
		id = p.show(l.to, l.segment)
	}
	p.sent[i]++
	if l.name.text != "" && l.name.text != fmt.Sprint(id) {
		return 0, l.name.errorf("#%.10s: this is segment %d; they count from 1 in the order of sending", l.name.text, id)
	}
	p.expect(check{place: l.place, kind: sentCheck, id: id, side: l.to, segment: l.segment})

	a := &p.script.Actions[i]
	opens := a.Kind != Call || a.Event.Kind == model.OpenActive || a.Event.Kind == model.Send
	if opens && a.Kind != Tick && !p.issSaid[i] && l.segment.Flags.Has(model.SYN) {
		a.Event.ISS, p.issSaid[i] = l.segment.Seq, true
	}
	return id, nil
}

// inNetwork finds the segment that the line shows.
func (p *parser) inNetwork(l *segmentLine) (id int, err error) {
	text := look(l.to, l.segment)
	if l.name.text == "" {
		switch list := p.looks[text]; len(list) {
		case 0:
			return 0, l.errorf("no such segment is on its way to %v: show where it leaves, or set it in-flight in the header", l.to)
		case 1:
			return list[0], nil
		default:
			return 0, l.errorf("%d such segments are on their way to %v: say which by #%d or another number", len(list), l.to, list[0])
		}
	}
	n, err := parseNumber(l.name.text, 32)
	switch {
	case err != nil || n == 0 || n > uint64(len(p.segments)):
		return 0, l.name.errorf("#%.10s: segments are shown up to #%d so far", l.name.text, len(p.segments))
	case p.segments[n-1].look != text:
		return 0, l.name.errorf("#%d looks otherwise, or goes to the other side", n)
	case p.segments[n-1].gone:
		return 0, l.name.errorf("#%d is no longer in the network", n)
	}
	return int(n), nil
}

// happensTo adds what happens to a segment where it arrives.
func (p *parser) happensTo(l *segmentLine, id int) error {
	switch {
	case l.has(wordDropped):
		return nil
	case l.has(wordExpired):
		p.leave(id)
		p.expect(check{place: l.place, kind: expiredCheck, id: id})
		return nil
	case l.has(wordLost):
		p.leave(id)
		_, err := p.act(l.place, Action{Kind: Lose, Side: l.to, ID: id}, true)
		return err
	}
	a := Action{Kind: Deliver, Side: l.to, ID: id, Event: model.Event{Kind: model.SegmentArrives}}
	if l.has(wordCopyStays) {
		a.Kind = Duplicate
	} else {
		p.leave(id)
	}
	return p.arrives(l, a)
}

func (p *parser) arrives(l *segmentLine, a Action) error {
	for _, n := range l.notes {
		if n.word == "ISS" {
			a.Event.ISS = n.iss
		}
	}
	_, err := p.act(l.place, a, l.has("ISS"))
	return err
}

// otherRow reads a line without a segment: states, calls, a tick.
func (p *parser) otherRow(tokens []token) error {
	for _, t := range tokens {
		if t.kind == parenToken && t.text == wordTick {
			if _, err := p.act(t.place, Action{Kind: Tick}, true); err != nil {
				return err
			}
			break
		}
	}
	for _, t := range tokens {
		side := A
		if t.column >= columnB {
			side = B
		}
		var err error
		switch t.kind {
		case wordToken:
			err = p.state(side, t)
		case parenToken:
			if t.text != wordTick && !isRemark(t.text) {
				err = p.call(side, t)
			}
		default:
			err = t.errorf("%s: there is no segment in this line", t.text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// state reads a state: how the side starts, if nothing happened yet, or what
// it must be.
func (p *parser) state(s Side, t token) error {
	state, ok := model.ParseState(t.text)
	if !ok {
		return t.errorf("%.40q: want a state such as SYN-SENT", t.text)
	}
	if len(p.script.Actions) == 0 && !p.header.given[s] {
		if state > model.Listen {
			return t.errorf("%v starts in %v: say in the header with which numbers, %v: %v (send n, receive n)", s, state, s, state)
		}
		p.script.Setup.Start[s] = model.TCB{State: state}
		p.header.given[s] = true
		return nil
	}
	p.expect(check{place: t.place, kind: stateCheck, side: s, state: state})
	return nil
}

// call reads a call or timeout, or the words of figures 9 and 10 for how a
// side starts.
func (p *parser) call(s Side, t token) error {
	if send, receive, err := parseSendReceive(t.text); err == nil {
		if p.header.given[s] || p.last[s] >= 0 || p.rows > 1 {
			return t.errorf("(%s): how %v starts is said already", t.text, s)
		}
		p.header.given[s] = true
		p.script.Setup.Start[s] = p.script.Setup.Connected(s, model.Established, send, receive)
		return nil
	}
	ev, issSaid, err := parseEvent(t.text)
	if err != nil {
		return t.wrap(err)
	}
	_, err = p.act(t.place, Action{Kind: Call, Side: s, Event: ev}, issSaid)
	return err
}
