package awssim

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyValue draws a plain value of limited depth.
func anyValue(depth int) *rapid.Generator[any] {
	scalars := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.StringN(0, 4, 8).AsAny(), rapid.Float64Range(-5, 5).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(scalars...)
	}
	inner := anyValue(depth - 1)
	return rapid.OneOf(append(scalars, rapid.SliceOfN(inner, 0, 3).AsAny(),
		rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), inner, 0, 3).AsAny())...)
}

func anyProps(t *rapid.T, label string) props {
	return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), anyValue(3), 0, 4).Draw(t, label)
}

var looseSchema = &typeSchema{Inputs: map[string]any{"a": "any", "b": "any", "c": "any", "d": "any"}, Defaults: map[string]any{"a": true}}

// TestDiffProperties: nothing differs from itself, a difference is one both ways and has
// a place, and values survive the way over the wire.
func TestDiffProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := anyProps(t, "one"), anyProps(t, "other")
		require.Empty(t, diffInputs(looseSchema, one, one))
		require.Equal(t, len(diffInputs(looseSchema, one, other)) == 0, len(diffInputs(looseSchema, other, one)) == 0)
		for _, c := range diffInputs(looseSchema, one, other) {
			require.NotEmpty(t, c.at, "a difference has a place")
		}
		wire, err := encode(one, nil)
		require.NoError(t, err)
		back, _, err := decode(wire)
		require.NoError(t, err)
		require.Empty(t, diffInputs(looseSchema, one, back))
	})
}
