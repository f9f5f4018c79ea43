package main

import (
	"maps"
	"reflect"
	"slices"
)

// An overlay is a tree of changes to a tree of settings. Maps are changed key by key; anything else, lists included, is
// replaced whole; removed stands for a key that is taken away.

// removed is how an overlay says that a key is gone. No setting of Pulumi's looks like it.
var removed = map[string]any{"pulumi-local": "removed"}

func isRemoved(value any) bool { return reflect.DeepEqual(value, removed) }

// overlay returns the tree with the changes applied. Neither argument is changed.
func overlay(tree, changes map[string]any) map[string]any {
	result := maps.Clone(tree)
	if result == nil {
		result = map[string]any{}
	}
	for key, change := range changes {
		if isRemoved(change) {
			delete(result, key)
			continue
		}
		changeMap, isMap := change.(map[string]any)
		treeMap, wasMap := result[key].(map[string]any)
		if isMap && wasMap && !isSecret(change) && !isSecret(treeMap) {
			result[key] = overlay(treeMap, changeMap)
			continue
		}
		result[key] = change
	}
	return clone(result)
}

// difference returns the smallest overlay that turns the tree from into the tree to.
func difference(from, to map[string]any) map[string]any {
	changes := map[string]any{}
	for key := range from {
		if _, stays := to[key]; !stays {
			changes[key] = clone(removed)
		}
	}
	for key, value := range to {
		before, existed := from[key]
		if existed && reflect.DeepEqual(before, value) {
			continue
		}
		beforeMap, wasMap := before.(map[string]any)
		valueMap, isMap := value.(map[string]any)
		if isMap && wasMap && !isSecret(before) && !isSecret(value) {
			changes[key] = difference(beforeMap, valueMap)
			continue
		}
		changes[key] = value
	}
	return changes
}

// foreignSecrets are the paths of the encrypted values in a tree, except those that the second tree has a value for.
// A list that holds one counts as one.
func foreignSecrets(tree, other map[string]any) [][]string {
	var found [][]string
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		value := tree[key]
		otherValue, answered := other[key]
		branch, isMap := value.(map[string]any)
		switch {
		case isMap && !isSecret(value):
			otherBranch, otherIsMap := otherValue.(map[string]any)
			if answered && (!otherIsMap || isRemoved(otherValue)) {
				continue
			}
			for _, path := range foreignSecrets(branch, otherBranch) {
				found = append(found, append([]string{key}, path...))
			}
		case holdsSecret(value) && !answered:
			found = append(found, []string{key})
		}
	}
	return found
}

// isSecret reports whether a value is one that Pulumi encrypted: a map with the one key "secure".
func isSecret(value any) bool {
	branch, isMap := value.(map[string]any)
	_, secure := branch["secure"]
	return isMap && secure && len(branch) == 1
}

func holdsSecret(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return isSecret(value) || slices.ContainsFunc(slices.Collect(maps.Values(value)), holdsSecret)
	case []any:
		return slices.ContainsFunc(value, holdsSecret)
	}
	return false
}

// remove takes the value at the path away, and the maps that are empty without it.
func remove(tree map[string]any, path []string) {
	if len(path) == 1 {
		delete(tree, path[0])
		return
	}
	branch, isMap := tree[path[0]].(map[string]any)
	if !isMap {
		return
	}
	remove(branch, path[1:])
	if len(branch) == 0 {
		delete(tree, path[0])
	}
}

// leaves are the paths of what an overlay changes, for people. The first step, always "config", says nothing.
func leaves(changes map[string]any) []string {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		branch, isMap := changes[key].(map[string]any)
		if !isMap || isSecret(branch) || isRemoved(branch) || len(branch) == 0 {
			names = append(names, key)
			continue
		}
		for _, name := range leaves(branch) {
			if key == "config" {
				names = append(names, name)
			} else {
				names = append(names, key+"."+name)
			}
		}
	}
	return names
}

// clone copies a tree with its maps. Lists are never changed in place.
func clone(tree map[string]any) map[string]any {
	result := make(map[string]any, len(tree))
	for key, value := range tree {
		if branch, isMap := value.(map[string]any); isMap {
			value = clone(branch)
		}
		result[key] = value
	}
	return result
}
