package modeltest_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

// The model without a bug passes every scenario.
func TestModelPasses(t *testing.T) {
	for _, cfg := range modeltest.Scenarios() {
		t.Run(cfg.Name, rapid.MakeCheck(func(t *rapid.T) { modeltest.Run(t, cfg) }))
	}
}
