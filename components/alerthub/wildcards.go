package alerthub

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// EventBridge refuses a rule with many wildcards as too complex, and says neither how it measures nor where the limit
// is (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity).
// Four matchers of the form *…* on one field were seen to be refused and three to be taken
// (https://github.com/vals-ai/Valkyrie/pull/278), so routes stay below.
const (
	maxWildcardMatchers = 2 // on one field
	maxWildcards        = 6 // asterisks in a pattern
)

// checkWildcards wants few enough wildcards in a decoded pattern.
func checkWildcards(pattern map[string]any) []error {
	byField := map[string][]string{}
	collectWildcards(byField, patternField, pattern)
	var problems []error
	wildcards := 0
	for _, field := range slices.Sorted(maps.Keys(byField)) {
		matchers := byField[field]
		if len(matchers) > maxWildcardMatchers {
			problems = append(problems, fmt.Errorf("%s: it has %d wildcard matchers, at most %d are possible, because EventBridge refuses rules that are too complex; split the route",
				field, len(matchers), maxWildcardMatchers))
		}
		for _, matcher := range matchers {
			wildcards += countWildcards(matcher)
		}
	}
	if wildcards > maxWildcards {
		problems = append(problems, fmt.Errorf("%s: it has %d wildcards, at most %d are possible, because EventBridge refuses rules that are too complex; split the route",
			patternField, wildcards, maxWildcards))
	}
	return problems
}

// collectWildcards gathers the wildcard matchers of a decoded pattern by their field. A field is the same one in every
// alternative of $or.
func collectWildcards(byField map[string][]string, path string, pattern map[string]any) {
	for name, value := range pattern {
		switch v := value.(type) {
		case map[string]any:
			collectWildcards(byField, path+"."+name, v)
		case []any:
			for _, one := range v {
				object, isObject := one.(map[string]any)
				switch {
				case !isObject:
				case name == "$or":
					collectWildcards(byField, path, object)
				default:
					field := path + "." + name
					byField[field] = append(byField[field], wildcardsOf(object)...)
				}
			}
		}
	}
}

// wildcardsOf are the wildcard matchers in one alternative of a field.
func wildcardsOf(matcher map[string]any) []string {
	if but, isObject := matcher["anything-but"].(map[string]any); isObject {
		matcher = but
	}
	return texts(matcher["wildcard"])
}

// texts are none, one or several texts; anything-but takes a list of wildcards.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, texts(one)...)
		}
		return all
	default:
		return nil // EventBridge says what it wants there
	}
}

// countWildcards counts the asterisks that stand for any characters; \* and \\ stand for themselves.
func countWildcards(matcher string) int {
	return strings.Count(strings.NewReplacer(`\\`, "", `\*`, "").Replace(matcher), "*")
}
