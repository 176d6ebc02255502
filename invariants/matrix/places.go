package matrix

import "github.com/tcpcheck/tcpcheck/explore"

// Places lists where properties are decided, in the order in which they are
// shown. The slice is the caller's.
func Places() []Place {
	var list []Place
	for _, name := range []string{
		"refused", "security", "handshake", "simultaneous-open", "syn-text", "unreachable", "window", "data", "abort",
		"late-calls", "simultaneous-close", "half-close", "figure-5", "close-dup",
	} {
		list = append(list, Place{Scenario: name, Group: OneConnection})
	}
	list = append(list, Place{Scenario: "close", Group: OneConnection, Deep: true})
	for _, name := range []string{
		"live-open", "live-simultaneous-open", "live-half-open", "live-old-syn", "live-text", "live-close", "live-window", "live-text-both-ways",
	} {
		list = append(list, Place{Scenario: name, Group: WholeRuns})
	}
	for _, name := range []string{"old-syn", "old-ack", "old-text", "old-text-close"} {
		list = append(list, Place{Scenario: name, Group: Incarnations})
	}
	return append(list,
		twoConnections("time-wait", "isn=clock"),
		twoConnections("time-wait", "isn=clock", "user-timeout=false"),
		twoConnections("time-wait", "isn=arbitrary", "bits=3", "user-timeout=false"),
		twoConnections("time-wait", "isn=constant", "bits=3"),
		twoConnections("time-wait", "isn=constant", "bits=3", "user-timeout=false"),
	)
}

// twoConnections is a place of two connections, one after the other.
func twoConnections(scenario string, settings ...string) Place {
	p := Place{Scenario: scenario, Group: Incarnations}
	for _, text := range settings {
		s, err := explore.ParseSetting(text)
		if err != nil {
			panic(err)
		}
		p.Settings = append(p.Settings, s)
		switch text {
		case "user-timeout=false":
			p.Assumes = "nobody gives up: each side that closes first passes through TIME-WAIT"
		}
	}
	return p
}
