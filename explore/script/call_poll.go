package script

import (
	"slices"
	"strings"

	"github.com/tcpcheck/tcpcheck/model"
)

// interest is a descriptor in a set of epoll, or in a call of poll.
type interest struct {
	s    *socket
	wait []string // the events that are waited for, without POLL or EPOLL
	edge bool     // an event is told once: EPOLLET, EPOLLONESHOT
}

// events are the words of an expression, without POLL or EPOLL before them.
func (x Expr) events() (list []string) {
	for _, w := range x.words() {
		list = append(list, strings.TrimPrefix(strings.TrimPrefix(w, "E"), "POLL"))
	}
	return list
}

// interested is what poll and epoll_ctl say of a descriptor; nil if it is not
// known here.
func (f *frame) interested(fd, events Expr) *interest {
	s := f.sockets[fd.Number]
	if s == nil || s.closed || fd.Kind != Number {
		return nil
	}
	w := events.events()
	return &interest{s, w, slices.Contains(w, "ET") || slices.Contains(w, "ONESHOT")}
}

// tells objects to what a call says of a descriptor: to an event for which there
// is no reason, and to one that is left out. How much room a send buffer has is
// not known.
func (c *candidate) tells(i *interest, got []string) *objection {
	t := &c.t
	gone := !c.of(i.s) || t.State <= model.Listen
	readable := c.readable(i.s)
	if i.s.listens {
		readable, gone = c.established && !c.accepted, false
	}
	over := gone || t.State == model.Closing || t.State == model.LastAck || t.State == model.TimeWait
	opening := !gone && (t.State == model.SynSent || t.State == model.SynReceived) && !i.s.listens
	for _, e := range []struct {
		name      string
		may, must bool
	}{
		{"IN", readable, readable && !opening},
		{"RDHUP", gone || c.eof || i.s.deaf, !gone && c.eof},
		{"OUT", !opening && !i.s.listens, false},
		{"HUP", over || c.eof, false},
	} {
		told := slices.Contains(got, e.name)
		if told && !e.may || !told && e.must && slices.Contains(i.wait, e.name) && !i.edge {
			return object([]model.Rule{c.last}, "has %d octets for the user in %v", c.inbox, t.State)
		}
	}
	return nil
}

// callPoll judges what poll tells.
func callPoll(f *frame) (func(*candidate) *objection, string) {
	type polled struct {
		*interest
		got []string
	}
	var list []polled
	for _, p := range f.arg(0).Args {
		fd, _ := p.field("fd")
		wait, _ := p.field("events")
		got, ok := p.field("revents")
		if i := f.interested(fd, wait); i != nil && (ok || f.result.value == 0) {
			list = append(list, polled{i, got.events()})
		}
	}
	if len(list) == 0 || f.result.value < 0 {
		return nil, ""
	}
	if len(list) == 1 && len(list[0].wait) == 1 && list[0].wait[0] == "IN" && !list[0].s.listens {
		f.ready = func(c *candidate) bool { return c.readable(list[0].s) }
	}
	return func(c *candidate) *objection {
		for _, p := range list {
			if o := c.tells(p.interest, p.got); o != nil {
				return o
			}
		}
		return nil
	}, ""
}

// callEpollCtl keeps what an epoll waits for.
func callEpollCtl(f *frame) (func(*candidate) *objection, string) {
	set := f.epolls[f.arg(0).Number]
	if set == nil {
		set = map[int64]*interest{}
		f.epolls[f.arg(0).Number] = set
	}
	fd := f.arg(2)
	if f.has(1, "EPOLL_CTL_DEL") {
		delete(set, fd.Number)
		return nil, ""
	}
	events, _ := f.arg(3).field("events")
	if i := f.interested(fd, events); i != nil && f.result.value == 0 {
		set[fd.Number] = i
	}
	return nil, ""
}

// callEpollWait judges what epoll tells, if it waits for one descriptor.
func callEpollWait(f *frame) (func(*candidate) *objection, string) {
	set := f.epolls[f.arg(0).Number]
	if len(set) != 1 || f.result.value < 0 || f.result.value > 1 {
		return nil, ""
	}
	for _, i := range set {
		if i.s.closed {
			break
		}
		var got []string
		if f.result.value == 1 {
			told := f.arg(1)
			if told.Kind == List && len(told.Args) == 1 {
				told = told.Args[0]
			}
			events, ok := told.field("events")
			if !ok {
				break
			}
			got = events.events()
		}
		return func(c *candidate) *objection { return c.tells(i, got) }, ""
	}
	return nil, ""
}
