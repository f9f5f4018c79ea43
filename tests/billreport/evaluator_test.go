package billreport

import (
	"context"
	"encoding/json"

	"github.com/recolabs/gnata"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// jsonata evaluates by gnata, which passes the test suite of the reference implementation.
type jsonata struct{}

func (jsonata) Evaluate(expression string, _ any, bindings map[string]any) (any, error) {
	compiled, err := gnata.Compile(expression)
	if err != nil {
		return nil, err
	}
	variables := map[string]any{}
	for name, value := range bindings {
		if variables[name], err = decoded(value); err != nil {
			return nil, err
		}
	}
	answer, err := compiled.EvalWithVars(context.Background(), nil, variables)
	if err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, statemachine.ErrUndefined
	}
	text, err := json.Marshal(gnata.NormalizeValue(answer))
	if err != nil {
		return nil, err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil, err
	}
	return plain, nil
}

// decoded is a JSON value as gnata knows it, whose null is not Go's nil.
func decoded(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return gnata.DecodeJSON(text)
}
