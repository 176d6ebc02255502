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
	for _, name := range []string{"old-syn", "old-ack", "old-text", "old-text-close", "old-duplicate"} {
		list = append(list, Place{Scenario: name, Group: Incarnations})
	}
	for _, c := range []struct {
		scenario string
		settings []string
	}{
		{"time-wait", []string{"isn=clock"}},
		{"time-wait", []string{"isn=clock", "user-timeout=false"}},
		{"time-wait", []string{"isn=arbitrary", "bits=3", "user-timeout=false"}},
		{"time-wait", []string{"isn=arbitrary", "bits=3", "user-timeout=false", "life=2"}},
		{"time-wait", []string{"isn=constant", "bits=3"}},
		{"time-wait", []string{"isn=constant", "bits=3", "user-timeout=false"}},
		{"reincarnation", []string{"isn=clock"}},
		{"reincarnation", []string{"isn=arbitrary", "bits=3", "user-timeout=false"}},
		{"reincarnation", []string{"isn=constant", "bits=3"}},
		{"abort-reopen", []string{"isn=clock"}},
		{"abort-arbitrary", []string{"isn=arbitrary"}},
		{"abort-arbitrary", []string{"isn=constant"}},
		{"abort-time-wait", []string{"isn=arbitrary"}},
		{"abort-time-wait", []string{"isn=constant"}},
		{"crash", []string{"isn=clock"}},
		{"crash-arbitrary", []string{"isn=arbitrary"}},
		{"crash-arbitrary", []string{"isn=constant"}},
		{"crash-quiet", []string{"isn=arbitrary"}},
		{"crash-quiet", []string{"isn=constant"}},
		{"port-reuse", []string{"isn=clock", "bits=4"}},
		{"port-reuse", []string{"isn=arbitrary"}},
		{"port-reuse", []string{"isn=constant"}},
	} {
		list = append(list, twoConnections(c.scenario, c.settings))
	}
	for _, name := range []string{"attack", "attack-listener"} {
		list = append(list, Place{Scenario: name, Group: Attacks})
	}
	return list
}

// twoConnections is a place of two connections, one after the other.
func twoConnections(scenario string, settings []string) Place {
	p := Place{Scenario: scenario, Group: Incarnations}
	for _, text := range settings {
		s, err := explore.ParseSetting(text)
		if err != nil {
			panic(err)
		}
		p.Settings = append(p.Settings, s)
	}
	return p
}
