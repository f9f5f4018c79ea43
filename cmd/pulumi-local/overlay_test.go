package main

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// settingsTrees generates trees such as settings are, secrets and lists included, with few keys so that two of them
// collide often.
func settingsTrees(depth int) *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		tree := map[string]any{}
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID).Draw(t, "keys") {
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			switch {
			case kind == 0 && depth > 0:
				tree[key] = settingsTrees(depth-1).Draw(t, "branch")
			case kind == 1:
				tree[key] = map[string]any{"secure": rapid.SampledFrom([]string{"v1:x", "v1:y"}).Draw(t, "secret")}
			case kind == 2:
				tree[key] = []any{rapid.SampledFrom([]any{"x", "y", map[string]any{"secure": "v1:z"}}).Draw(t, "item")}
			default:
				tree[key] = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "value")
			}
		}
		return tree
	})
}

func TestOverlayOfTheDifferenceIsTheOtherTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := settingsTrees(2).Draw(t, "from")
		to := settingsTrees(2).Draw(t, "to")
		before := clone(from)
		require.Equal(t, to, overlay(from, difference(from, to)))
		require.Equal(t, before, from, "the arguments are not changed")
		require.Empty(t, difference(to, to))
	})
}

func TestNoForeignSecretIsLeftAfterRemoval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		users := settingsTrees(2).Draw(t, "users")
		for _, path := range foreignSecrets(users, nil) {
			remove(users, path)
		}
		require.False(t, holdsSecret(users) && !isSecret(users), "%v", users)
	})
}

func TestForeignSecretsAreNotThoseOfTheSimulatedStack(t *testing.T) {
	secret := map[string]any{"secure": "v1:real"}
	users := map[string]any{"config": map[string]any{
		"p:alerts": map[string]any{"webhook": map[string]any{"url": secret}, "tokens": []any{secret}},
		"p:other":  secret,
	}}
	require.Equal(t, [][]string{
		{"config", "p:alerts", "tokens"}, {"config", "p:alerts", "webhook", "url"}, {"config", "p:other"},
	}, foreignSecrets(users, nil))

	changed := map[string]any{"config": map[string]any{
		"p:alerts": map[string]any{"webhook": map[string]any{"url": map[string]any{"secure": "v1:simulated"}}},
		"p:other":  clone(removed),
	}}
	require.Equal(t, [][]string{{"config", "p:alerts", "tokens"}}, foreignSecrets(users, changed))
}

func TestLeavesNameWhatAnOverlayChanges(t *testing.T) {
	require.Equal(t, []string{"p:alerts.emails", "p:alerts.webhook.url", "p:gone"}, leaves(map[string]any{
		"config": map[string]any{
			"p:alerts": map[string]any{"emails": []any{"a"}, "webhook": map[string]any{"url": map[string]any{"secure": "v1:x"}}},
			"p:gone":   clone(removed),
		},
	}))
}

func TestRemoveTakesEmptyMapsAway(t *testing.T) {
	tree := map[string]any{"a": map[string]any{"b": map[string]any{"c": 1}}, "d": 2}
	remove(tree, []string{"a", "b", "c"})
	require.True(t, reflect.DeepEqual(map[string]any{"d": 2}, tree), "%v", tree)
}
