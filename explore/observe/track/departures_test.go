package track_test

import (
	"path/filepath"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore/observe/track"
	"github.com/tcpcheck/tcpcheck/model"
)

// departures are captures of Linux 6.18 in which it sends what RFC 9293 forbids;
// the variant linux knows all of it but what loses octets.
var departures = []struct {
	name   string
	n      int
	rule   model.Rule
	always bool // it is impossible by the variant linux too
}{
	{"reset-in-last-ack", 15, model.ForbidsResetForm, false},
	{"mptcp-reset-in-syn-sent", 2, model.ForbidsResetForm, false},
	{"cookie-opens-again", 20, model.ForbidsOnlyReset, false},
	{"cookie-loses-octets", 4, model.ForbidsAckNotReceived, true},
}

// Where Linux departs from RFC 9293 the report names the packet and the rule.
func TestDepartures(t *testing.T) {
	paths, err := filepath.Glob("../testdata/departures/*.pcap")
	if err != nil || len(paths) != len(departures) {
		t.Fatalf("%d captures, error %v: want %d", len(paths), err, len(departures))
	}
	for _, d := range departures {
		for _, variant := range []string{model.DefaultVariant, "linux"} {
			t.Run(d.name+", "+variant, func(t *testing.T) {
				var found []track.Deviation
				for _, c := range follow(t, "../testdata/departures/"+d.name+".pcap", track.Options{Behaviours: behaviours(t, variant)}) {
					found = append(found, c.Deviations...)
					if c.Unknown != "" {
						t.Errorf("unknown: %s", c.Unknown)
					}
				}
				if variant == "linux" && !d.always {
					if len(found) > 0 {
						t.Errorf("packet %d: %v: want nothing impossible", found[0].N, &found[0])
					}
					return
				}
				if len(found) != 1 || found[0].N != d.n || len(found[0].Rules) != 1 || found[0].Rules[0] != d.rule {
					t.Errorf("%d deviations %v: want %v at packet %d", len(found), found, d.rule, d.n)
				}
			})
		}
	}
}
