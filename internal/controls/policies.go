package controls

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// statement is a statement of a policy, as far as checks look at it.
type statement struct {
	Sid, Effect       string
	Principal         any
	Action, NotAction any
	Resource          any
	Condition         map[string]map[string]any
}

// policyOf are the statements of the policy in a resource; nil when there is none that can be read.
func (d *declaration) policyOf(r declared.Resource) []statement {
	source := text(r, "policy")
	if source == "" {
		source = text(r, "assumeRolePolicy")
	}
	known, read := d.policies[source]
	if !read {
		var document struct{ Statement []statement }
		if json.Unmarshal([]byte(source), &document) == nil {
			known = document.Statement
		}
		d.policies[source] = known
	}
	return known
}

// denies reports whether a policy denies everybody the action on the bucket, or on its objects, under one condition. value ""
// stands for any. What else the statement asks for is on other keys and left to the tests of the component.
func denies(policy []statement, action string, bucket declared.Resource, operator, key, value string) bool {
	return slices.ContainsFunc(policy, func(s statement) bool {
		given := texts(s.Condition[operator][key])
		return s.Effect == "Deny" && everybody(s.Principal) &&
			slices.Contains(texts(s.Action), action) && covers(texts(s.Resource), text(bucket, "bucket"), action) &&
			len(given) > 0 && (value == "" || slices.Contains(given, value))
	})
}

// covers reports whether resources of a statement hold the bucket, its objects, or for all actions both.
func covers(resources []string, bucket, action string) bool {
	has := func(suffix string) bool {
		return slices.ContainsFunc(resources, func(arn string) bool { return strings.HasSuffix(arn, ":::"+bucket+suffix) })
	}
	switch {
	case action == "s3:*":
		return has("") && has("/*")
	case strings.Contains(action, "Object"):
		return has("/*")
	default:
		return has("")
	}
}

func everybody(principal any) bool {
	if principal == "*" {
		return true
	}
	return slices.Contains(texts(at(principal, "AWS")), "*")
}

// narrowing are condition keys that say whose request it is: with one of them a principal of everybody is somebody.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var narrowing = []string{
	"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
	"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOwner", "kms:CallerAccount",
}

func narrowed(s statement) bool {
	for operator, keys := range s.Condition {
		if strings.Contains(operator, "Not") || strings.HasSuffix(operator, "IfExists") || operator == "Null" {
			continue
		}
		for key := range keys {
			if slices.Contains(narrowing, key) {
				return true
			}
		}
	}
	return false
}

// resourcePolicies are the types that hold a policy of a resource or of a role's trust.
var resourcePolicies = []string{bucketPolicyType, topicPolicyType, queuePolicyType, keyPolicyType, roleType}

// noPolicy holds when no statement that allows something has a fault, in policies of the given types.
func noPolicy(what string, types []string, fault func(r declared.Resource, s statement) string) check {
	return check{what, func(d *declaration) ([]string, string) {
		var found, weak []string
		for _, typ := range types {
			for _, r := range d.byType[typ] {
				policy := d.policyOf(r)
				if policy == nil {
					weak = append(weak, place(r)+" has no policy that can be read")
				}
				for _, s := range policy {
					if s.Effect != "Allow" {
						continue
					}
					if f := fault(r, s); f != "" {
						weak = append(weak, place(r)+" "+f)
					}
				}
				found = append(found, place(r))
			}
		}
		if len(weak) > 0 {
			return nil, strings.Join(weak, "; ")
		}
		return found, unless(len(found) > 0, "no policy is declared")
	}}
}

// openTo is the fault of a statement that lets everybody in.
func openTo(_ declared.Resource, s statement) string {
	return unless(!everybody(s.Principal) || narrowed(s), "lets everybody in by its statement %q", s.Sid)
}

var (
	noOpenPolicy = noPolicy("no policy of the baseline lets everybody in", resourcePolicies, openTo)
	noOpenTopic  = noPolicy("no topic lets everybody in", []string{topicPolicyType}, openTo)
	noOpenQueue  = noPolicy("no queue lets everybody in", []string{queuePolicyType}, openTo)
	noOpenKey    = noPolicy("no key lets everybody in", []string{keyPolicyType}, openTo)

	// CloudWatch and EventBridge send no source with their requests to KMS, the key of a log group is tied to it by its
	// context, and AWS gives the trust of a trail's role without a condition
	// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html).
	noConfusedDeputy = noPolicy("services act for this account only", resourcePolicies, func(r declared.Resource, s statement) string {
		services := texts(at(s.Principal, "Service"))
		if len(services) == 0 || narrowed(s) {
			return ""
		}
		if r.Type == keyPolicyType && (only(services, "cloudwatch.amazonaws.com", "events.amazonaws.com") || byContext(s)) ||
			r.Type == roleType && only(services, "cloudtrail.amazonaws.com") {
			return ""
		}
		return "lets " + strings.Join(services, ", ") + " act for other accounts by its statement \"" + s.Sid + "\""
	})

	identityPolicies = []string{rolePolicyType, groupPolicyType, userPolicyType, iamPolicyType}

	noAdministrator = check{"the baseline gives nobody all rights", func(d *declaration) ([]string, string) {
		for _, typ := range []string{roleAttachment, groupAttachment, userAttachment} {
			for _, r := range d.byType[typ] {
				if strings.HasSuffix(text(r, "policyArn"), "/AdministratorAccess") {
					return nil, place(r) + " attaches AdministratorAccess"
				}
			}
		}
		return noPolicy("", identityPolicies, func(_ declared.Resource, s statement) string {
			return unless(!slices.Contains(texts(s.Action), "*"), "allows every action")
		}).run(d)
	}}
	noServiceWildcard = noPolicy("the baseline gives nobody all actions of a service", identityPolicies, func(_ declared.Resource, s statement) string {
		for _, action := range texts(s.Action) {
			if strings.HasSuffix(action, ":*") {
				return "allows " + action
			}
		}
		return ""
	})
	noDecryptAnywhere = noPolicy("the baseline lets nobody decrypt by every key", identityPolicies, func(_ declared.Resource, s statement) string {
		for _, action := range texts(s.Action) {
			if (action == "kms:*" || strings.HasPrefix(action, "kms:Decrypt") || strings.HasPrefix(action, "kms:ReEncrypt")) &&
				slices.Contains(texts(s.Resource), "*") {
				return "allows " + action + " by every key"
			}
		}
		return ""
	})
	noUserPolicies = check{"the baseline attaches policies to groups and roles only", func(d *declaration) ([]string, string) {
		for _, typ := range []string{userPolicyType, userAttachment} {
			for _, r := range d.byType[typ] {
				return nil, place(r) + " gives a user rights of their own"
			}
		}
		return places(slices.Concat(d.byType[groupPolicyType], d.byType[groupAttachment], d.byType[rolePolicyType], d.byType[roleAttachment])), ""
	}}
	groupsNeedMFA = check{"members of the baseline's groups need MFA", func(d *declaration) ([]string, string) {
		return d.every(groupType, "group", func(group declared.Resource) string {
			for _, p := range d.byType[groupPolicyType] {
				if text(p, "group") != text(group, "name") {
					continue
				}
				if slices.ContainsFunc(d.policyOf(p), func(s statement) bool {
					return s.Effect == "Deny" && slices.Contains(texts(s.Condition["BoolIfExists"]["aws:MultiFactorAuthPresent"]), "false")
				}) {
					return ""
				}
			}
			return "has rights without MFA"
		})
	}}
)

// ofTrailKeys are the policies of the keys that encrypt trails, as far as they are declared.
func (d *declaration) ofTrailKeys() (found []declared.Resource) {
	for _, p := range d.byType[keyPolicyType] {
		if slices.ContainsFunc(d.byType[trailType], func(trail declared.Resource) bool {
			return text(p, "keyId") != "" && strings.HasSuffix(text(trail, "kmsKeyId"), "/"+text(p, "keyId"))
		}) {
			found = append(found, p)
		}
	}
	return found
}

var (
	archiveKeyGuarded = check{"the archive's key cannot be deleted without MFA but by deployers", func(d *declaration) ([]string, string) {
		for _, p := range d.ofTrailKeys() {
			if !slices.ContainsFunc(d.policyOf(p), func(s statement) bool {
				return s.Effect == "Deny" && everybody(s.Principal) && slices.Contains(texts(s.Action), "kms:ScheduleKeyDeletion") &&
					slices.Contains(texts(s.Condition["BoolIfExists"]["aws:MultiFactorAuthPresent"]), "false")
			}) {
				return nil, place(p) + " lets the key be deleted without MFA"
			}
		}
		return places(d.ofTrailKeys()), ""
	}}
	archiveKeyReaders = check{"only named readers decrypt by the archive's key", func(d *declaration) ([]string, string) {
		for _, p := range d.ofTrailKeys() {
			for _, s := range d.policyOf(p) {
				decrypts := slices.ContainsFunc(texts(s.Action), func(action string) bool {
					return action == "*" || action == "kms:*" || strings.HasPrefix(action, "kms:Decrypt")
				})
				if s.Effect == "Allow" && decrypts && at(s.Principal, "Service") == nil && !narrowed(s) {
					return nil, place(p) + " lets everybody with rights in the account decrypt by its statement \"" + s.Sid + "\""
				}
			}
		}
		return places(d.ofTrailKeys()), ""
	}}
	rolesNeedMFA = check{"people take the roles of the baseline with MFA only", func(d *declaration) ([]string, string) {
		return d.every(roleType, "role", func(r declared.Resource) string {
			for _, s := range d.policyOf(r) {
				withMFA := slices.Contains(texts(s.Condition["Bool"]["aws:MultiFactorAuthPresent"]), "true")
				if s.Effect == "Allow" && at(s.Principal, "AWS") != nil && !withMFA {
					return "is taken without MFA by its statement \"" + s.Sid + "\""
				}
			}
			return ""
		})
	}}
)

// only reports whether there are no services but the named ones.
func only(services []string, named ...string) bool {
	return !slices.ContainsFunc(services, func(service string) bool { return !slices.Contains(named, service) })
}

// byContext reports whether a statement asks for the log group that is encrypted.
func byContext(s statement) bool {
	for _, keys := range s.Condition {
		if keys["kms:EncryptionContext:aws:logs:arn"] != nil {
			return true
		}
	}
	return false
}

var (
	keysRotate = check{"every KMS key rotates", func(d *declaration) ([]string, string) {
		return d.every(keyType, "key", func(r declared.Resource) string {
			return unless(is(r, "enableKeyRotation"), "does not rotate")
		})
	}}
	keysLinger = check{"a deleted KMS key can be recovered for 30 days", func(d *declaration) ([]string, string) {
		return d.every(keyType, "key", func(r declared.Resource) string {
			days, given := number(r, "deletionWindowInDays")
			return unless(!given || days >= 30, "is gone after %g days", days)
		})
	}}
	keysWithPolicy = check{"every KMS key has a policy of its own", func(d *declaration) ([]string, string) {
		_, problem := d.every(keyType, "key", func(key declared.Resource) string {
			if text(key, "policy") != "" {
				return ""
			}
			own := slices.ContainsFunc(d.byType[keyPolicyType], func(p declared.Resource) bool {
				return p.Component == key.Component && p.Region == key.Region && strings.HasPrefix(p.Name, key.Name)
			})
			return unless(own, "has the policy that AWS gives it")
		})
		return places(d.byType[keyPolicyType]), problem
	}}
	workgroupsEnforced = check{"Athena enforces the workgroup's settings", func(d *declaration) ([]string, string) {
		return d.every(workgroupType, "workgroup", func(r declared.Resource) string {
			switch {
			case !is(r, "configuration.enforceWorkgroupConfiguration"):
				return "lets clients override its settings"
			case text(r, "configuration.resultConfiguration.encryptionConfiguration.encryptionOption") == "":
				return "does not encrypt results"
			case !slices.ContainsFunc(d.byType[bucketType], func(b declared.Resource) bool {
				return strings.HasPrefix(text(r, "configuration.resultConfiguration.outputLocation"), "s3://"+text(b, "bucket")+"/")
			}):
				return "writes its results to a bucket that is not declared"
			default:
				cutoff, given := number(r, "configuration.bytesScannedCutoffPerQuery")
				return unless(given && cutoff > 0, "has no limit of bytes a query")
			}
		})
	}}
	workgroupsMeasured = check{"Athena publishes the workgroup's metrics", func(d *declaration) ([]string, string) {
		return d.every(workgroupType, "workgroup", func(r declared.Resource) string {
			return unless(!off(r, "configuration.publishCloudwatchMetricsEnabled"), "publishes no metrics")
		})
	}}
	machinesLog = check{"state machines log what they do", func(d *declaration) ([]string, string) {
		return d.every(stateMachineType, "state machine", func(r declared.Resource) string {
			level := text(r, "loggingConfiguration.level")
			return unless(level != "" && level != "OFF", "does not log")
		})
	}}
)
