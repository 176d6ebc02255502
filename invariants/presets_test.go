package invariants_test

import (
	"context"
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
	"github.com/tcpcheck/tcpcheck/invariants"
)

// counts pins what each preset reaches: distinct states, steps, levels. A
// change of a count is a change of meaning.
var counts = map[string]struct {
	states, transitions uint64
	depth               int
}{
	"handshake":           {1268, 9118, 14},
	"simultaneous-open":   {2528, 12544, 14},
	"data":                {70517, 692071, 18},
	"close":               {4684803, 38676874, 28},
	"close-dup":           {3359503, 29971390, 24},
	"simultaneous-close":  {32022, 225191, 16},
	"half-close":          {481791, 3603845, 25},
	"figure-5":            {215075, 1398075, 23},
	"abort":               {49174, 325839, 20},
	"unreachable":         {13878, 74973, 19},
	"old-syn":             {12422, 68070, 22},
	"old-ack":             {4918, 26651, 18},
	"old-text":            {5964, 32257, 19},
	"old-text-close":      {27129, 156962, 22},
	"syn-text":            {2446, 11316, 17},
	"window":              {4564, 23502, 21},
	"late-calls":          {52224, 301964, 19},
	"time-wait":           {870327, 6948732, 28},
	"constant-isn":        {887492, 6972796, 28},
	"time-wait-arbitrary": {3319420, 22568200, 32},
	"time-wait-1337":      {327215, 1964435, 32},
	"time-wait-1msl":      {1557680, 10253722, 31},
	"time-wait-life":      {395492, 2220850, 32},
	"time-wait-long-life": {527160, 2963500, 33},
	"reincarnation":       {948663, 7774960, 27},
	"abort-reopen":        {793363, 6328579, 24},
	"abort-arbitrary":     {484924, 3061583, 24},
	"abort-time-wait":     {117766, 655404, 26},
	"crash":               {568844, 4391094, 26},
	"crash-arbitrary":     {189504, 1108796, 26},
	"crash-quiet":         {93807, 529018, 28},
	"crash-peer-sends":    {131170, 764543, 26},
	"abort-unheard":       {254893, 1310382, 29},
	"old-syn-active":      {2047, 10288, 18},
	"old-syn-returned":    {2940, 14639, 18},
	"port-reuse":          {259854, 1729308, 26},
	"old-duplicate":       {330508, 2139685, 27},
	"attack":              {37021, 2243518, 14},
	"attack-listener":     {111942, 2761583, 21},
	"security":            {80, 266, 7},
	"refused":             {49, 232, 6},

	"asides":             {113368, 777917, 29},
	"early-calls":        {5126, 23760, 21},
	"window-close":       {98477, 627189, 24},
	"crash-close":        {3957, 19948, 14},
	"urgent":             {1350, 6150, 15},
	"keep-alives":        {16582, 92996, 16},
	"unreachable-close":  {7914, 41128, 15},
	"reset-in-time-wait": {8733, 51404, 15},
	"abort-close":        {6287, 33808, 14},
	"half-duplex-close":  {11460, 62953, 19},
	"fin-wait-2-timeout": {9303, 53932, 15},
	"reset-time-wait":    {15899, 99714, 23},
	"quiet-after-crash":  {96908, 738449, 18},
	"reopen":             {47583, 313278, 22},
	"kernels":            {17786, 98775, 20},
	"near-syn":           {2760, 13112, 17},
	"held":               {1773, 7426, 16},
	"noted-errors":       {2172, 8875, 19},
	"without-rfc5961":    {7057, 37600, 19},
	"stranger":           {3045, 15232, 16},
	"beyond-fin":         {10017, 53832, 17},
	"odd-segments":       {1255, 6102, 16},

	"live-open":              {684, 3331, 16},
	"live-simultaneous-open": {3820, 23246, 15},
	"live-syn-text":          {40652, 273076, 23},
	"live-close":             {56406, 456794, 25},
	"live-fin-wait-2":        {72296, 525304, 25},
	"live-text":              {36673, 243424, 23},
	"live-text-both-ways":    {142276, 998544, 26},
	"live-half-open":         {267, 1158, 13},
	"live-rebooted":          {1788, 9954, 17},
	"live-old-syn":           {37609, 253127, 18},
	"live-window":            {187988, 1450312, 26},
}

// witnessed are the witnesses that each preset must show, or its verdicts
// prove little.
var witnessed = map[string][]string{
	"handshake":           {"witness-connected", "witness-syn-received", "witness-listen"},
	"simultaneous-open":   {"witness-connected", "witness-simultaneous-open"},
	"data":                {"witness-connected", "witness-delivered-both-ways", "witness-text-on-third-segment"},
	"close":               {"witness-both-closed", "witness-time-wait", "witness-last-ack", "witness-closing", "witness-half-close"},
	"close-dup":           {"witness-both-closed", "witness-simultaneous-close", "witness-fin-and-ack-at-once"},
	"simultaneous-close":  {"witness-simultaneous-close", "witness-both-closed"},
	"half-close":          {"witness-half-close", "witness-fin-wait-2", "witness-close-wait"},
	"figure-5":            {"witness-simultaneous-open", "witness-both-closed", "witness-fin-and-ack-at-once"},
	"abort":               {"witness-reset", "witness-connected"},
	"unreachable":         {"witness-connected", "witness-closed"},
	"old-syn":             {"witness-return-to-listen", "witness-connected"},
	"old-ack":             {"witness-connected"},
	"old-text":            {"witness-connected", "witness-return-to-listen"},
	"old-text-close":      {"witness-connected", "witness-fin-wait-1"},
	"syn-text":            {"witness-connected", "witness-text-on-syn"},
	"window":              {"witness-fin-wait-1"},
	"late-calls":          {"witness-time-wait"},
	"time-wait":           {"witness-time-wait", "witness-connected"},
	"constant-isn":        {"witness-time-wait", "witness-connected"},
	"time-wait-arbitrary": {"witness-time-wait", "witness-connected"},
	"time-wait-1337":      {"witness-time-wait", "witness-connected"},
	"time-wait-1msl":      {"witness-time-wait", "witness-connected"},
	"time-wait-life":      {"witness-time-wait", "witness-connected"},
	"time-wait-long-life": {"witness-time-wait", "witness-connected"},
	"reincarnation":       {"witness-time-wait", "witness-connected", "witness-simultaneous-open", "witness-simultaneous-close", "witness-both-closed"},
	"abort-reopen":        {"witness-reset", "witness-connected"},
	"abort-arbitrary":     {"witness-reset", "witness-connected"},
	"abort-time-wait":     {"witness-reset", "witness-connected", "witness-time-wait"},
	"crash":               {"witness-reset", "witness-connected"},
	"crash-arbitrary":     {"witness-reset", "witness-connected"},
	"crash-quiet":         {"witness-reset", "witness-connected"},
	"crash-peer-sends":    {"witness-reset", "witness-connected"},
	"abort-unheard":       {"witness-reset", "witness-connected", "witness-time-wait"},
	"old-syn-active":      {"witness-connected", "witness-syn-sent"},
	"old-syn-returned":    {"witness-connected", "witness-return-to-syn-sent"},
	"port-reuse":          {"witness-time-wait", "witness-reopened"},
	"old-duplicate":       {"witness-return-to-listen", "witness-connected"},
	"attack":              {"witness-blind-reset", "witness-blind-text"},
	"attack-listener":     {"witness-blind-reset", "witness-blind-text", "witness-blind-connection"},
	"security":            {"witness-syn-sent", "witness-listen"},
	"refused":             {"witness-refused"},

	"asides":             {"witness-both-closed", "witness-time-wait"},
	"early-calls":        {"witness-connected", "witness-close-wait"},
	"window-close":       {"witness-both-closed", "witness-closing"},
	"crash-close":        {"witness-both-closed", "witness-reset"},
	"keep-alives":        {"witness-reset", "witness-fin-wait-2"},
	"unreachable-close":  {"witness-both-closed", "witness-closed"},
	"reset-in-time-wait": {"witness-time-wait", "witness-both-closed"},
	"abort-close":        {"witness-reset", "witness-both-closed"},
	"half-duplex-close":  {"witness-reset"},
	"reset-time-wait":    {"witness-time-wait", "witness-connected"},
	"quiet-after-crash":  {"witness-connected"},
	"reopen":             {"witness-time-wait", "witness-connected"},
	"kernels":            {"witness-simultaneous-open", "witness-connected"},
	"near-syn":           {"witness-return-to-listen", "witness-connected"},
	"without-rfc5961":    {"witness-connected"},
	"stranger":           {"witness-connected"},
	"beyond-fin":         {"witness-time-wait"},
	"odd-segments":       {"witness-connected"},

	"live-open":              {"witness-connected"},
	"live-simultaneous-open": {"witness-simultaneous-open", "witness-connected"},
	"live-syn-text":          {"witness-simultaneous-open", "witness-connected"},
	"live-close":             {"witness-both-closed", "witness-time-wait", "witness-closing", "witness-fin-wait-2"},
	"live-fin-wait-2":        {"witness-both-closed", "witness-time-wait", "witness-fin-wait-2"},
	"live-text":              {"witness-both-closed", "witness-time-wait", "witness-simultaneous-close"},
	"live-text-both-ways":    {"witness-both-closed", "witness-delivered-both-ways", "witness-simultaneous-close"},
	"live-half-open":         {"witness-reset"},
	"live-rebooted":          {"witness-reset"},
	"live-old-syn":           {"witness-reset", "witness-return-to-listen"},
	"live-window":            {"witness-delivered-both-ways"},
}

var deep = flag.Bool("deep", false, "check the large presets too")

// deepCounts pins what the large presets reach, with and without symmetry.
var deepCounts = map[string]struct {
	symmetry            bool
	states, transitions uint64
	depth               int
}{
	"deep":          {false, 271_137_222, 3_017_868_766, 34},
	"deep/symmetry": {true, 135_571_040, 1_508_958_855, 34},

	"reincarnation-deep": {false, 9_396_338, 76_290_321, 37},
}

// The large presets keep what they guarantee and have their pinned sizes.
func TestDeep(t *testing.T) {
	if !*deep {
		t.Skip("takes minutes; run with -deep")
	}
	for name, want := range deepCounts {
		t.Run(name, func(t *testing.T) {
			sc, err := explore.Preset(strings.TrimSuffix(name, "/symmetry"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := explore.Check(context.Background(), sc, invariants.Safety(), explore.Options{Symmetry: want.symmetry})
			if err != nil {
				t.Fatal(err)
			}
			if r.States != want.states || r.Transitions != want.transitions || r.Depth != want.depth || r.Stop != "" {
				t.Errorf("%d states, %d steps, depth %d, %q: want %d, %d, %d", r.States, r.Transitions, r.Depth, r.Stop, want.states, want.transitions, want.depth)
			}
			for _, v := range r.Properties {
				if broken := v.Outcome != explore.Holds; broken != (sc.Hole(v.Property.ID) != nil) {
					t.Errorf("%s: %v", v.Property.ID, v.Outcome)
				}
			}
		})
	}
}

// reports are what judged has found.
var reports = map[string]*explore.Report{}

// judged checks a preset for all that it can be judged by and its witnesses: once,
// for all tests that ask.
func judged(t *testing.T, name string) *explore.Report {
	t.Helper()
	if r := reports[name]; r != nil {
		return r
	}
	sc, err := explore.Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	props := invariants.Judged(sc)
	for _, id := range witnessed[name] {
		p, err := invariants.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		props = append(props, p)
	}
	r, err := explore.Check(context.Background(), sc, props, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	reports[name] = r
	return r
}

// verdict is that on one of the properties of a report.
func verdict(t *testing.T, r *explore.Report, id string) explore.Verdict {
	t.Helper()
	i := slices.IndexFunc(r.Properties, func(v explore.Verdict) bool { return v.Property.ID == id })
	if i < 0 {
		t.Fatalf("%s is not judged in %s", id, r.Scenario.Name)
	}
	return r.Properties[i]
}

// Each preset keeps what it guarantees, breaks what it calls a hole, shows its
// witnesses, and has its pinned size.
func TestPresets(t *testing.T) {
	for _, sc := range explore.Presets() {
		t.Run(sc.Name, func(t *testing.T) {
			if testing.Short() && counts[sc.Name].states > 1_000_000 {
				t.Skip("large; run without -short")
			}
			r := judged(t, sc.Name)
			if r.Stop != "" {
				t.Fatalf("not everything was seen: %s", r.Stop)
			}
			for _, v := range r.Properties {
				want := explore.Holds
				if sc.Hole(v.Property.ID) != nil {
					want = explore.Violated
				}
				if v.Outcome != want {
					t.Errorf("%s: %v, want %v", v.Property.ID, v.Outcome, want)
				}
			}
			permitted(t, r)
			want, ok := counts[sc.Name]
			if !ok {
				t.Errorf("the counts %d, %d, %d are not pinned", r.States, r.Transitions, r.Depth)
			} else if r.States != want.states || r.Transitions != want.transitions || r.Depth != want.depth {
				t.Errorf("%d states, %d steps, depth %d: want %d, %d, %d", r.States, r.Transitions, r.Depth, want.states, want.transitions, want.depth)
			}
		})
	}
}

// With the choice that mends it, a hole is one no more.
func TestMends(t *testing.T) {
	for _, mend := range []struct{ property, scenario, choice, value string }{
		{"no-silent-loss", "half-close", "closing-reset", "reported"},
		{"reset-in-closing-is-reported", "half-close", "closing-reset", "reported"},
		{"delivery-waits-for-our-syn", "old-text-close", "close-in-syn-received", "waits"},
		{"no-stale-text", "old-text-close", "close-in-syn-received", "waits"},
		{"stale-segment-moves-nothing", "old-text-close", "close-in-syn-received", "waits"},
		{"stale-segment-kills-nothing", "old-syn-active", "active-reset", "returns"},
		{"stale-segment-kills-nothing", "old-duplicate", "active-reset", "returns"},
		{"blind-syn-ends-nothing", "attack-listener", "syn-received-syn", "challenged"},
	} {
		t.Run(mend.property, func(t *testing.T) {
			sc, err := explore.Preset(mend.scenario)
			if err != nil {
				t.Fatal(err)
			}
			if err := sc.SetBehaviour(mend.choice, mend.value); err != nil {
				t.Fatal(err)
			}
			p, _ := invariants.Find(mend.property)
			r, err := explore.Check(context.Background(), sc, []*explore.Property{p}, explore.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Outcome != explore.Holds {
				t.Errorf("with %s: %s it is %v, want holds", mend.choice, mend.value, r.Outcome)
			}
		})
	}
}

// IDs are unique, and every property says what it is.
func TestPropertiesAreDescribed(t *testing.T) {
	var ids []string
	for _, p := range invariants.All() {
		if slices.Contains(ids, p.ID) {
			t.Errorf("%s stands for two properties", p.ID)
		}
		ids = append(ids, p.ID)
		if p.Name == "" || p.Source == "" || p.Meaning == "" {
			t.Errorf("%s lacks a name, a source or a meaning", p.ID)
		}
		if (p.State == nil) == (p.Step == nil) {
			t.Errorf("%s: want a predicate of states or of steps, and not both", p.ID)
		}
	}
}
