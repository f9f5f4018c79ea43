package report

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

// documents are properties that hold a text in which an identifier is only a part.
var documents = []string{"policy", "definition", "assumeRolePolicy", "eventPattern", "redrivePolicy", "inputTemplate", "pattern"}

// fill puts values in the form of AWS in the place of unknown ones, where it is clear which resource each is of: the one that
// the property depends on, or one for each. Roles are told from the rest by the key. Where there are more values than topics, as
// in the notifications of a budget, the topics take turns: which of them are named is certain, how often each is not. Others
// stay unknown.
func fill(states map[string]state, partition, account string) {
	for _, s := range states {
		inputs, _ := s["inputs"].(map[string]any)
		dependencies, _ := s["propertyDependencies"].(map[string]any)
		for property := range inputs {
			if slices.Contains(documents, property) {
				continue
			}
			roles, others := dependenciesOf(states, texts(dependencies[property]))
			for _, on := range []struct {
				role bool
				of   []state
			}{{true, roles}, {false, others}} {
				unknown := 0
				replace(inputs[property], property, func(key string) (string, bool) {
					if isRole(key) == on.role {
						unknown++
					}
					return "", false
				})
				if unknown == 0 || len(on.of) == 0 || len(on.of) > 1 && len(on.of) != unknown && !(len(on.of) < unknown && allTopics(on.of)) {
					continue
				}
				next := 0
				inputs[property] = replace(inputs[property], property, func(key string) (string, bool) {
					if isRole(key) != on.role {
						return "", false
					}
					of := on.of[next%len(on.of)]
					next++
					return madeUp(of, key, regionOf(states, of), partition, account), true
				})
			}
		}
	}
}

func allTopics(states []state) bool {
	return !slices.ContainsFunc(states, func(s state) bool { return text(s, "type") != topicType })
}

func isRole(key string) bool { return strings.Contains(strings.ToLower(key), "role") }

// dependenciesOf are the resources of URNs, without components, in the order of their URNs.
func dependenciesOf(states map[string]state, urns []string) (roles, others []state) {
	slices.Sort(urns)
	for _, urn := range slices.Compact(urns) {
		switch s := states[urn]; {
		case s == nil || s["custom"] != true:
		case s["type"] == roleType:
			roles = append(roles, s)
		default:
			others = append(others, s)
		}
	}
	return roles, others
}

// replace returns a value with the unknown texts in it replaced, where the function says so for the key that each is under.
func replace(value any, key string, by func(key string) (string, bool)) any {
	switch v := value.(type) {
	case string:
		if v == plan.Unknown {
			if s, ok := by(key); ok {
				return s
			}
		}
	case []any:
		all := slices.Clone(v)
		for i := range all {
			all[i] = replace(all[i], key, by)
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for _, inner := range sortedKeys(v) {
			all[inner] = replace(v[inner], inner, by)
		}
		return all
	}
	return value
}

func regionOf(states map[string]state, s state) string {
	provider := text(s, "provider")
	if end := strings.LastIndex(provider, "::"); end >= 0 {
		if p := states[provider[:end]]; p != nil {
			inputs, _ := p["inputs"].(map[string]any)
			return text(inputs, "region")
		}
	}
	return ""
}

// Types that others name by something else than an ARN made of their token.
const (
	bucketType   = "aws:s3/bucketV2:BucketV2"
	roleType     = "aws:iam/role:Role"
	keyType      = "aws:kms/key:Key"
	logGroupType = "aws:cloudwatch/logGroup:LogGroup"
)

// madeUp is what AWS would give a resource for others to name it by, under a key: an ARN where the key takes one, else an id.
func madeUp(of state, key, region, partition, account string) string {
	inputs, _ := of["inputs"].(map[string]any)
	kind, name := text(of, "type"), last(text(of, "urn"), "::")
	for _, given := range []string{text(inputs, "bucket"), text(inputs, "name")} {
		if given != "" && given != plan.Unknown {
			name = given
		}
	}
	arn := func(service, region, path string) string {
		if region == "" {
			return "arn:" + partition + ":" + service + ":::" + path
		}
		return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + path
	}
	lower := strings.ToLower(key)
	wantsARN := strings.HasSuffix(lower, "arn") || strings.HasSuffix(lower, "arns")
	switch {
	case kind == topicType:
		return arn("sns", region, name)
	case kind == queueType && key == "queueUrl":
		return "https://sqs." + region + ".amazonaws.com/" + account + "/" + name
	case kind == queueType:
		return arn("sqs", region, name)
	case kind == keyType && (key == "keyId" || key == "targetKeyId"):
		return name
	case kind == keyType:
		return arn("kms", region, "key/"+name)
	case kind == bucketType && wantsARN:
		return arn("s3", "", name)
	case kind == roleType && wantsARN:
		return "arn:" + partition + ":iam::" + account + ":role/" + name
	case kind == logGroupType && wantsARN:
		return arn("logs", region, "log-group:"+name)
	case kind == bucketType, kind == roleType, kind == logGroupType, !wantsARN && strings.HasSuffix(key, "Id"):
		return name
	case kind == destinationType:
		return arn("events", region, "api-destination/"+name)
	case kind == machineType:
		return arn("states", region, "stateMachine:"+name)
	}
	return arn(strings.Split(strings.TrimPrefix(kind, "aws:"), "/")[0], region, name)
}
