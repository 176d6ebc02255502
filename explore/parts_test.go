package explore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/tcpcheck/tcpcheck/explore"
)

// Of more properties than one search judges, only those levels count as whole that
// every search has seen.
func TestPartsAreWholeTogether(t *testing.T) {
	sc, err := explore.Preset("handshake")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var props []*explore.Property
	for i := range 64 {
		props = append(props, &explore.Property{ID: fmt.Sprint(i), State: func(*explore.View) bool { return false }})
	}
	props = append(props, &explore.Property{ID: "last", State: func(*explore.View) bool { cancel(); return false }})
	r, err := explore.Check(ctx, sc, props, explore.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != explore.Unknown || r.Stop != "interrupted" || r.Whole >= len(r.Levels) || len(r.Properties) != 65 {
		t.Errorf("%v, stop %q, %d levels of %d whole", r.Outcome, r.Stop, r.Whole, len(r.Levels))
	}
}
