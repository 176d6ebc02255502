package modeltest_test

import (
	"testing"

	"github.com/tcpcheck/tcpcheck/model"
	"github.com/tcpcheck/tcpcheck/model/modeltest"
	"pgregory.net/rapid"
)

// The model without a bug passes every scenario.
func TestModelPasses(t *testing.T) {
	for _, cfg := range modeltest.Scenarios() {
		t.Run(cfg.Name, rapid.MakeCheck(func(t *rapid.T) { modeltest.Run(t, cfg) }))
	}
}

// So do its named variants, and any choice of behaviours; those that drop what
// lies above RCV.NXT do not always end.
func TestVariantsPass(t *testing.T) {
	with := func(b model.Behaviours) modeltest.Config {
		e := modeltest.DefaultEndpoint()
		e.Behaviours = b
		return modeltest.Config{
			Endpoints: [2]model.Endpoint{e, e}, Octets: 6, Losses: 4, Duplicates: 3, Reorders: true,
			Without: modeltest.EndingProperties(),
		}
	}
	for _, v := range model.Variants() {
		t.Run(v.Name, rapid.MakeCheck(func(t *rapid.T) { modeltest.Run(t, with(v.Behaviours)) }))
	}
	t.Run("any", rapid.MakeCheck(func(t *rapid.T) {
		cfg := with(modeltest.Behaviours().Draw(t, "behaviours"))
		cfg.Simultaneous = rapid.Bool().Draw(t, "simultaneous open")
		modeltest.Run(t, cfg)
	}))
	t.Run("any, strangers", rapid.MakeCheck(func(t *rapid.T) {
		b := modeltest.Behaviours().Draw(t, "behaviours")
		b.SynInTimeWait = model.SynAnswered // or a stranger opens another connection
		cfg := with(b)
		cfg.Aborts, cfg.Strangers = true, 8
		modeltest.Run(t, cfg)
	}))
}
