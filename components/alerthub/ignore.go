package alerthub

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

var principalARN = regexp.MustCompile(`^arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$`)

func checkPrincipals(field string, arns []string) []error {
	var problems []error
	for i, arn := range arns {
		if !principalARN.MatchString(arn) {
			problems = append(problems, fmt.Errorf(
				"%s[%d]: %q is not the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", field, i, arn))
		}
	}
	return problems
}

// identityArns are where CloudTrail names who called: a role as the issuer of its sessions, with its path, and a user
// itself: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
var identityArns = []struct {
	kind string // what the ARN's resource begins with
	path []string
}{
	{":role/", []string{"detail", "userIdentity", "sessionContext", "sessionIssuer", "arn"}},
	{":user/", []string{"detail", "userIdentity", "arn"}},
}

// ignoring is the pattern without the events of the given roles and users. anything-but alone would also leave out the
// events that lack the field: a user's have no session, a service's no ARN at all.
func ignoring(pattern map[string]any, arns []string) (map[string]any, error) {
	text, err := encode(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", patternField, err)
	}
	narrowed := map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&narrowed); err != nil {
		return nil, fmt.Errorf("%s: %w", patternField, err)
	}
	for _, identity := range identityArns {
		var ignored []string
		for _, arn := range arns {
			if strings.Contains(arn, identity.kind) {
				ignored = append(ignored, arn)
			}
		}
		if len(ignored) == 0 {
			continue
		}
		rule := []any{map[string]any{"exists": false}, map[string]any{"anything-but": sortedSet(ignored)}}
		if err := insert(narrowed, identity.path, rule); err != nil {
			return nil, err
		}
	}
	return narrowed, nil
}

// insert puts a leaf into a decoded pattern.
func insert(pattern map[string]any, path []string, leaf []any) error {
	at := pattern
	for _, name := range path[:len(path)-1] {
		below, isObject := at[name].(map[string]any)
		if !isObject {
			below = map[string]any{}
			at[name] = below
		}
		at = below
	}
	last := path[len(path)-1]
	if _, given := at[last]; given {
		return fmt.Errorf("IgnorePrincipalArns: %s.%s decides already who is meant; leave one of them out", patternField, strings.Join(path, "."))
	}
	at[last] = leaf
	return nil
}
