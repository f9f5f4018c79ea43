package policyeval

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the place a policy is stored in; it decides the limits and rules.
type Kind string

// The kinds of policy that can be validated.
const (
	ManagedPolicy      Kind = "managed policy"
	RoleInlinePolicy   Kind = "inline policy of a role"
	UserInlinePolicy   Kind = "inline policy of a user"
	GroupInlinePolicy  Kind = "inline policy of a group"
	TrustPolicy        Kind = "role trust policy"
	BucketPolicy       Kind = "bucket policy"
	KeyPolicy          Kind = "key policy"
	TopicPolicy        Kind = "topic policy"
	QueuePolicy        Kind = "queue policy"
	EventBusPolicy     Kind = "event bus policy"
	LogsResourcePolicy Kind = "CloudWatch Logs resource policy"
)

// Error is a refusal in AWS's terms.
type Error struct {
	// Code is AWS's error code.
	Code string
	// Message says what is wrong, in AWS's words where they are known.
	Message string
}

// Error is the code followed by the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// presence of an element in the statements of a policy.
type presence int

const (
	optional presence = iota
	required
	forbidden
)

// rules are what AWS checks when it stores a policy of some kind.
type rules struct {
	malformed, tooLarge string // error codes
	size                int
	measure             func(string) int
	principal, resource presence
	sid                 *regexp.Regexp // nil: AWS documents no restriction
	// actions are the names the policy may hold, in lower case; a service: stands for all of a service. nil: any.
	actions      []string
	outOfScope   string // message for other actions
	statements   int    // maximum, 0: none documented
	principals   int
	conditions   int
	perStatement int // actions in one statement
	check        func(d *Document, resource string) string
}

var iamSid = regexp.MustCompile(`^[A-Za-z0-9]*$`)

// identityRules hold for all identity policies. White space does not count.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func identityRules(size int) rules {
	return rules{
		malformed: "MalformedPolicyDocument", tooLarge: "LimitExceeded", size: size, measure: withoutSpace,
		principal: forbidden, resource: required, sid: iamSid, check: checkIdentity,
	}
}

var kinds = map[Kind]rules{
	ManagedPolicy:     identityRules(6144),
	RoleInlinePolicy:  identityRules(10240),
	UserInlinePolicy:  identityRules(2048),
	GroupInlinePolicy: identityRules(5120),
	TrustPolicy: {
		malformed: "MalformedPolicyDocument", tooLarge: "LimitExceeded", size: 2048, measure: withoutSpace,
		principal: required, resource: forbidden, sid: iamSid,
		actions: []string{"sts:"}, outOfScope: "AssumeRole policy may only specify STS AssumeRole actions.",
	},
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
	BucketPolicy: {
		malformed: "MalformedPolicy", tooLarge: "MalformedPolicy", size: 20 << 10, measure: bytes,
		principal: required, resource: required,
		actions: []string{"s3:", "*"}, outOfScope: "Policy has invalid action", check: checkBucket,
	},
	// https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
	KeyPolicy: {
		malformed: "MalformedPolicyDocumentException", tooLarge: "LimitExceededException", size: 32 << 10, measure: bytes,
		principal: required, resource: required,
		actions: []string{"kms:", "*"}, outOfScope: "Policy contains a statement with one or more invalid actions.",
	},
	// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
	TopicPolicy: {
		malformed: "InvalidParameter", tooLarge: "InvalidParameter", size: 30 << 10, measure: bytes,
		principal: required, resource: required, statements: 100, principals: 200,
		actions: topicActions, outOfScope: "Invalid parameter: Policy statement action out of service scope!",
		check: checkTopic,
	},
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
	QueuePolicy: {
		malformed: "InvalidAttributeValue", tooLarge: "InvalidAttributeValue", size: 8192, measure: bytes,
		principal: required, resource: optional, statements: 20, principals: 50, conditions: 10, perStatement: 7,
		actions: []string{"sqs:"}, outOfScope: "Value for parameter Policy is invalid: the action is not one of Amazon SQS.",
	},
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
	EventBusPolicy: {
		malformed: "ValidationException", tooLarge: "PolicyLengthExceededException", size: 10240, measure: characters,
		principal: required, resource: required, actions: []string{"events:"}, outOfScope: "Action is not one of EventBridge.",
	},
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
	LogsResourcePolicy: {
		malformed: "InvalidParameterException", tooLarge: "InvalidParameterException", size: 5120, measure: characters,
		principal: required, resource: required, actions: []string{"logs:"}, outOfScope: "Action is not one of CloudWatch Logs.",
	},
}

func bytes(s string) int { return len(s) }

func characters(s string) int { return utf8.RuneCountInString(s) }

func withoutSpace(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// Validate makes the checks AWS makes when a policy of this kind is stored, as far as they need nothing but the
// document; whether the principals exist is left to the caller, by [Document.Principals]. The resource is the ARN the
// policy is attached to; "" leaves out the checks that need it. A refusal is an [*Error].
func Validate(kind Kind, document, resource string) error {
	r, known := kinds[kind]
	if !known {
		return fmt.Errorf("unknown kind of policy %q", kind)
	}
	if size := r.measure(document); size > r.size {
		return &Error{r.tooLarge, fmt.Sprintf("the %s has a size of %d; the limit is %d", kind, size, r.size)}
	}
	d, err := Parse(document)
	if err != nil {
		return &Error{r.malformed, err.Error()}
	}
	if message := r.refuse(d, resource); message != "" {
		return &Error{r.malformed, message}
	}
	return nil
}

// ValidateTotal checks the total size of all inline policies of one role, user or group.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func ValidateTotal(kind Kind, documents ...string) error {
	limits := kinds[kind]
	if kind != RoleInlinePolicy && kind != UserInlinePolicy && kind != GroupInlinePolicy {
		return fmt.Errorf("a %s has no total size", kind)
	}
	total := 0
	for _, document := range documents {
		total += limits.measure(document)
	}
	if total > limits.size {
		return &Error{limits.tooLarge, fmt.Sprintf("Maximum policy size of %d bytes exceeded: the %s together have %d", limits.size, kind, total)}
	}
	return nil
}

// refuse is the message of the first rule broken, or "".
func (r rules) refuse(d *Document, resource string) string {
	sids := map[string]bool{}
	principals, conditions := 0, 0
	for _, s := range d.statements {
		if s.sid != "" && sids[s.sid] {
			return fmt.Sprintf("Statement IDs (SID) in a single policy must be unique: %q", s.sid)
		}
		sids[s.sid] = true
		if message := r.refuseStatement(s); message != "" {
			return s.label() + ": " + message
		}
		conditions += len(s.conditions)
		if s.principals != nil {
			principals += len(s.principals.entries)
		}
	}
	for _, quota := range []struct {
		name         string
		count, limit int
	}{
		{"statements", len(d.statements), r.statements},
		{"principals", principals, r.principals},
		{"conditions", conditions, r.conditions},
	} {
		if quota.limit > 0 && quota.count > quota.limit {
			return fmt.Sprintf("the policy has %d %s; the limit is %d", quota.count, quota.name, quota.limit)
		}
	}
	if r.check != nil {
		return r.check(d, resource)
	}
	return ""
}

func (r rules) refuseStatement(s statement) string {
	switch {
	case r.sid != nil && !r.sid.MatchString(s.sid):
		return "the Sid may hold A-Z, a-z and 0-9 only"
	case r.principal == required && s.principals == nil:
		return "Missing required field Principal"
	case r.principal == forbidden && s.principals != nil:
		return "Policy document should not specify a principal."
	case r.resource == required && len(s.resources) == 0:
		return "Missing required field Resource"
	case r.resource == forbidden && len(s.resources) > 0:
		return "Has prohibited field Resource"
	case r.perStatement > 0 && len(s.actions) > r.perStatement:
		return fmt.Sprintf("%d actions; the limit is %d", len(s.actions), r.perStatement)
	}
	for _, action := range s.actions {
		if r.actions != nil && !inScope(r.actions, strings.ToLower(action.raw)) {
			return fmt.Sprintf("%s (%s)", r.outOfScope, action.raw)
		}
	}
	return ""
}

func inScope(scope []string, action string) bool {
	return slices.ContainsFunc(scope, func(allowed string) bool {
		if strings.HasSuffix(allowed, ":") {
			return strings.HasPrefix(action, allowed)
		}
		return action == allowed
	})
}

var (
	vendorPattern      = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	resourceARNPattern = regexp.MustCompile(`^(\*|arn:[^:]+(:[^:]*){2,}.*)$`)
)

func checkIdentity(d *Document, _ string) string {
	for _, s := range d.statements {
		for _, action := range s.actions {
			vendor, _, _ := strings.Cut(action.raw, ":")
			if action.raw != "*" && action.raw != "*:*" && !vendorPattern.MatchString(vendor) {
				return fmt.Sprintf("%s: Vendor %s is not valid", s.label(), vendor)
			}
		}
		for _, resource := range s.resources {
			if !resourceARNPattern.MatchString(resource.raw) {
				return fmt.Sprintf("%s: Resource %s must be in ARN format or \"*\".", s.label(), resource.raw)
			}
		}
	}
	return ""
}

// topicActions are all a topic policy may hold; sns:* is out of scope.
var topicActions = []string{
	"sns:addpermission", "sns:deletetopic", "sns:getdataprotectionpolicy", "sns:gettopicattributes",
	"sns:listsubscriptionsbytopic", "sns:listtagsforresource", "sns:publish", "sns:putdataprotectionpolicy",
	"sns:removepermission", "sns:settopicattributes", "sns:subscribe",
	"sns:receive", // in the policy that the console writes
}

// checkTopic: every statement names the topic and nothing else.
func checkTopic(d *Document, topic string) string {
	for _, s := range d.statements {
		if len(s.resources) != 1 {
			return fmt.Sprintf("%s: Invalid parameter: the statement must name exactly one resource, the topic", s.label())
		}
		glyphs, ok := s.resources[0].expand(nil)
		if topic != "" && ok && !matchesResource(glyphs, topic) {
			return fmt.Sprintf("%s: Invalid parameter: resource %s is not the topic %s", s.label(), s.resources[0].raw, topic)
		}
	}
	return ""
}
