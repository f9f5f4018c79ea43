package statemachine_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// paths is an evaluator of a very small part of JSONata: JSON literals, $variable.path,
// and one of = + & between two of them.
type paths struct{}

func (p paths) Evaluate(expression string, input any, bindings map[string]any) (any, error) {
	for _, operator := range []string{" = ", " + ", " & "} {
		left, right, ok := strings.Cut(expression, operator)
		if !ok {
			continue
		}
		a, err := p.Evaluate(left, input, bindings)
		if err != nil {
			return nil, err
		}
		b, err := p.Evaluate(right, input, bindings)
		if err != nil {
			return nil, err
		}
		switch operator {
		case " = ":
			return a == b, nil
		case " + ":
			x, xok := a.(float64)
			y, yok := b.(float64)
			if !xok || !yok {
				return nil, fmt.Errorf("T2001: the operands of + must be numbers")
			}
			return x + y, nil
		}
		return fmt.Sprint(a) + fmt.Sprint(b), nil
	}
	if !strings.HasPrefix(expression, "$") {
		var literal any
		err := json.Unmarshal([]byte(expression), &literal)
		return literal, err
	}
	var value any = bindings
	for _, step := range strings.Split(strings.TrimPrefix(expression, "$"), ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, statemachine.ErrUndefined
		}
		if value, ok = object[step]; !ok {
			return nil, statemachine.ErrUndefined
		}
	}
	return value, nil
}
