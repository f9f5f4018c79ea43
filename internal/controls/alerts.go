package controls

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// heardAt reports whether somebody is subscribed to the topic with the ARN, in the Region of who publishes.
func heardAt(d *declaration, arn, region string) bool {
	isTopic := slices.ContainsFunc(d.in(topicType, region), func(t declared.Resource) bool {
		return strings.HasSuffix(arn, ":"+text(t, "name"))
	})
	subscribed := slices.ContainsFunc(d.byType[subscriptionType], func(s declared.Resource) bool { return text(s, "topic") == arn })
	slack := slices.ContainsFunc(d.byType[slackType], func(s declared.Resource) bool {
		return slices.Contains(texts(at(s.Inputs, "snsTopicArns")), arn)
	})
	return isTopic && (subscribed || slack)
}

// reaches says whether an event that a rule matches is told, or carried to another Region.
func reaches(d *declaration, rule declared.Resource) bool {
	told, known := d.told[place(rule)]
	if !known {
		told = anyTarget(d, rule)
		d.told[place(rule)] = told
	}
	return told
}

func anyTarget(d *declaration, rule declared.Resource) bool {
	return slices.ContainsFunc(targets(d, rule), func(t declared.Resource) bool {
		arn := text(t, "arn")
		parts := strings.SplitN(arn, ":", 6)
		if len(parts) != 6 {
			return false
		}
		carried := strings.HasPrefix(parts[5], "event-bus/") && parts[3] != rule.Region && text(t, "roleArn") != ""
		return carried || heardAt(d, arn, rule.Region)
	})
}

func targets(d *declaration, rule declared.Resource) (found []declared.Resource) {
	for _, t := range d.in(eventTargetType, rule.Region) {
		if text(t, "rule") == text(rule, "name") {
			found = append(found, t)
		}
	}
	return found
}

func enabled(rule declared.Resource) bool {
	return !strings.HasPrefix(text(rule, "state"), "DISABLED") && !off(rule, "isEnabled")
}

// alert holds when, in every covered Region, rules that are enabled and reach somebody look for each of the events. An event
// is written field=value, several fields separated by semicolons; a rule looks for it when its pattern names each value at a
// field of that name, however deep. The value * stands for all but some, and "" for some that a wildcard describes.
func alert(what string, events ...string) check {
	return check{"alert: " + what, func(d *declaration) ([]string, string) {
		var found []string
		for _, region := range d.covered {
			for _, event := range events {
				before := len(found)
				for _, r := range d.in(eventRuleType, region) {
					if enabled(r) && d.looksFor(r, event) && reaches(d, r) {
						found = append(found, place(r))
					}
				}
				if len(found) == before {
					return nil, "no alert in " + region + " on " + event
				}
			}
		}
		return found, unless(len(found) > 0, "no alert is declared")
	}}
}

func (d *declaration) looksFor(rule declared.Resource, event string) bool {
	named := d.pattern(rule).named
	for _, term := range strings.Split(event, "; ") {
		if named[term] {
			continue
		}
		field, value, _ := strings.Cut(term, "=")
		if !slices.ContainsFunc(d.pattern(rule).prefixes, func(p [2]string) bool { return p[0] == field && strings.HasPrefix(value, p[1]) }) {
			return false
		}
	}
	return true
}

// eventPattern is what a pattern names.
type eventPattern struct {
	decoded  any
	named    map[string]bool // field=value, field=* where all but some values match, field="" where a wildcard says which
	prefixes [][2]string     // field, prefix
}

func (d *declaration) pattern(rule declared.Resource) *eventPattern {
	source := text(rule, "eventPattern")
	if known := d.patterns[source]; known != nil {
		return known
	}
	p := &eventPattern{named: map[string]bool{}}
	if json.Unmarshal([]byte(source), &p.decoded) == nil {
		p.read("", p.decoded)
	}
	d.patterns[source] = p
	return p
}

// read notes the values at a field, and what is below it. Texts that values may end with count as values.
func (p *eventPattern) read(field string, value any) {
	switch v := value.(type) {
	case string:
		p.named[field+"="+v] = true
	case []any:
		for _, element := range v {
			p.read(field, element)
		}
	case map[string]any:
		for key, inner := range v {
			switch prefix, isText := inner.(string); {
			case key == "anything-but":
				p.named[field+"=*"] = true
			case key == "wildcard":
				p.named[field+`=""`] = true
			case key == "suffix" && isText:
				p.named[field+"="+prefix] = true
			case key == "prefix" && isText:
				p.prefixes = append(p.prefixes, [2]string{field, prefix})
			default:
				p.read(key, inner)
			}
		}
	}
}

var (
	alertRoot = alert("the root user is used", "detail-type=AWS API Call via CloudTrail; type=Root", "detail-type=AWS Console Sign In via CloudTrail; type=Root")
	alertMFA  = alert("a sign-in without MFA", "eventName=ConsoleLogin; MFAUsed=No")
	alertKeys = alert("an access key is made", "eventSource=iam.amazonaws.com; eventName=CreateAccessKey")
	alertRole = alert("rights of an administrator are given", "eventName=AttachRolePolicy; policyArn=:iam::aws:policy/AdministratorAccess",
		"eventName=AttachUserPolicy", "eventName=PutUserPolicy", "eventName=CreatePolicyVersion")
	alertTrail = alert("CloudTrail is changed", "eventSource=cloudtrail.amazonaws.com; eventName=StopLogging",
		"eventSource=cloudtrail.amazonaws.com; eventName=DeleteTrail", "eventSource=cloudtrail.amazonaws.com; eventName=UpdateTrail",
		"eventSource=cloudtrail.amazonaws.com; eventName=PutEventSelectors")
	alertLogs    = alert("the trail's log group is changed", "eventName=DeleteLogGroup", "eventName=DeleteMetricFilter", "eventName=PutRetentionPolicy")
	alertArchive = alert("the archive is changed", "eventName=DeleteBucketPolicy", "eventName=PutBucketPolicy", "eventName=DeleteBucketEncryption")
	alertKMS     = alert("a key is disabled", "eventSource=kms.amazonaws.com; eventName=ScheduleKeyDeletion", "eventSource=kms.amazonaws.com; eventName=DisableKey",
		"eventSource=kms.amazonaws.com; eventName=PutKeyPolicy")
	alertConfig    = alert("AWS Config is changed", "eventName=StopConfigurationRecorder", "eventName=DeleteConfigRule")
	alertDetection = alert("detection is switched off", "eventSource=guardduty.amazonaws.com; eventName=DeleteDetector",
		"eventSource=guardduty.amazonaws.com; eventName=UpdateDetector")
	alertFilters = alert("findings are suppressed", "eventSource=guardduty.amazonaws.com; eventName=CreateFilter",
		"eventSource=guardduty.amazonaws.com; eventName=DeleteMalwareProtectionPlan", "eventSource=access-analyzer.amazonaws.com; eventName=CreateArchiveRule")
	alertChecks = alert("security checks are changed", "eventSource=securityhub.amazonaws.com; eventName=BatchUpdateStandardsControlAssociations",
		"eventSource=securityhub.amazonaws.com; eventName=UpdateStandardsControl")
	alertNetwork       = alert("a security group is opened to the world", "eventName=AuthorizeSecurityGroupIngress; cidrIp=0.0.0.0/0")
	alertNetwork6      = alert("a security group is opened to the world by IPv6", "eventName=AuthorizeSecurityGroupIngress; cidrIpv6=::/0")
	alertGroups        = alert("a security group is changed", "eventName=CreateSecurityGroup", "eventName=RevokeSecurityGroupIngress")
	alertOrganization  = alert("the organization is left", "eventSource=organizations.amazonaws.com; eventName=LeaveOrganization")
	alertNonCompliance = alert("a rule of AWS Config is broken", "detail-type=Config Rules Compliance Change; complianceType=NON_COMPLIANT")
	alertAnalyzer      = alert("access from outside", "source=aws.access-analyzer; detail-type=Access Analyzer Finding; resource=*",
		"source=aws.access-analyzer; detail-type=Access Analyzer Finding; resource=\"\"")
	alertUnused    = alert("access that is not used", "source=aws.access-analyzer; detail-type=Unused Access Finding for IAM entities")
	alertInspector = alert("findings of Inspector", "source=aws.inspector2; detail-type=Inspector2 Finding")
	alertInsight   = alert("unusual calls", "source=aws.cloudtrail; detail-type=AWS Insight via CloudTrail")
	alertAdvisor   = alert("warnings of Trusted Advisor", "source=aws.trustedadvisor")
	alertHealth    = alert("events of AWS Health", "source=aws.health; detail-type=AWS Health Event; eventTypeCategory=issue", "source=aws.health; detail-type=AWS Health Event; eventTypeCategory=scheduledChange",
		"source=aws.health; service=RISK")
)

// medium is the least severity of a finding of medium severity
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html).
const medium = 4

// alertFindings asks for alerts on every severity from medium on, for titles that can be shown as they are and those that
// cannot.
var alertFindings = check{"alert: findings of GuardDuty", func(d *declaration) ([]string, string) {
	var found []string
	for _, region := range d.covered {
		for _, title := range []string{"*", `""`} {
			var told [][2]float64
			for _, r := range d.in(eventRuleType, region) {
				if !enabled(r) || !d.looksFor(r, "source=aws.guardduty; detail-type=GuardDuty Finding; title="+title) || !reaches(d, r) {
					continue
				}
				for _, bounds := range list(at(d.pattern(r).decoded, "detail.severity")) {
					told = append(told, severities(list(at(bounds, "numeric"))))
				}
				found = append(found, place(r))
			}
			slices.SortFunc(told, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
			reach := float64(medium)
			for _, bounds := range told {
				if bounds[0] <= reach {
					reach = max(reach, bounds[1])
				}
			}
			if !math.IsInf(reach, 1) {
				return nil, fmt.Sprintf("findings of GuardDuty with severity %g are told to nobody in %s", reach, region)
			}
		}
	}
	return found, unless(len(found) > 0, "no alert is declared")
}}

// severities are the least and the first greater number of a numeric match of EventBridge.
func severities(numeric []any) [2]float64 {
	bounds := [2]float64{0, math.Inf(1)}
	for i := 0; i+1 < len(numeric); i += 2 {
		n, _ := numeric[i+1].(float64)
		switch numeric[i] {
		case ">=", ">":
			bounds[0] = n
		case "<", "<=":
			bounds[1] = n
		case "=":
			bounds = [2]float64{n, n}
		}
	}
	return bounds
}

// alertHub asks for an alert where Security Hub is, or where its findings are brought together.
var alertHub = check{"alert: findings of Security Hub", func(d *declaration) ([]string, string) {
	const event = "source=aws.securityhub; detail-type=Security Hub Findings - Imported; Id="
	var silent, found []string
	for _, hub := range d.byType[hubType] {
		for _, id := range []string{"*", `""`} { // ids that can be shown as they are, and those that cannot
			before := len(found)
			for _, region := range append([]string{hub.Region}, aggregators(d, hub.Region)...) {
				for _, r := range d.in(eventRuleType, region) {
					if enabled(r) && d.looksFor(r, event+id) && reaches(d, r) {
						found = append(found, place(r))
					}
				}
			}
			if len(found) == before {
				silent = append(silent, hub.Region)
			}
		}
	}
	return found, unless(len(found) > 0 && len(silent) == 0, "findings of Security Hub are told from no Region, or not from %s", strings.Join(silent, ", "))
}}

// aggregators are the Regions that a Region's findings of Security Hub are brought to.
func aggregators(d *declaration, region string) (regions []string) {
	for _, a := range d.byType[aggregatorType] {
		if text(a, "linkingMode") == "ALL_REGIONS" || slices.Contains(texts(at(a.Inputs, "specifiedRegions")), region) {
			regions = append(regions, a.Region)
		}
	}
	return regions
}

var (
	alertsReach = check{"every alert is enabled and reaches somebody", func(d *declaration) ([]string, string) {
		return d.every(eventRuleType, "alert", func(r declared.Resource) string {
			switch {
			case !enabled(r):
				return "is disabled"
			case !reaches(d, r):
				return "reaches nobody"
			default:
				return ""
			}
		})
	}}
	alertsEveryTarget = check{"what cannot be delivered waits in a queue of its Region", func(d *declaration) ([]string, string) {
		return d.every(eventTargetType, "target", func(t declared.Resource) string {
			arn := text(t, "deadLetterConfig.arn")
			waits := slices.ContainsFunc(d.in(queueType, t.Region), func(q declared.Resource) bool {
				return strings.HasSuffix(arn, ":"+t.Region+":"+lastAccount(arn)+":"+text(q, "name"))
			})
			return unless(waits, "has no queue for what cannot be delivered")
		})
	}}
	messagesKept = check{"what waits in a queue is kept for four days at least", func(d *declaration) ([]string, string) {
		return d.every(queueType, "queue", func(q declared.Resource) string {
			seconds, given := number(q, "messageRetentionSeconds")
			return unless(!given || seconds >= 4*24*60*60, "forgets messages after %g seconds", seconds)
		})
	}}
	alarmsRing = check{"every alarm tells somebody", func(d *declaration) ([]string, string) {
		if len(d.byType[alarmType]) == 0 {
			return nil, ""
		}
		return d.every(alarmType, "alarm", func(r declared.Resource) string { return rings(d, r) })
	}}
	deadLettersRing = check{"messages that wait in a queue ring", func(d *declaration) ([]string, string) {
		return d.every(queueType, "queue", func(q declared.Resource) string {
			for _, alarm := range d.in(alarmType, q.Region) {
				if text(alarm, "namespace") != "AWS/SQS" || text(alarm, "metricName") != "ApproximateNumberOfMessagesVisible" || text(alarm, "dimensions.QueueName") != text(q, "name") {
					continue
				}
				threshold, given := number(alarm, "threshold")
				return unless(given && threshold == 0 && text(alarm, "comparisonOperator") == "GreaterThanThreshold" && everyPeriod(alarm), "rings late")
			}
			return "has no alarm"
		})
	}}
	topicsEncrypted = check{"every topic is encrypted by a KMS key", func(d *declaration) ([]string, string) {
		return d.every(topicType, "topic", func(r declared.Resource) string {
			return unless(text(r, "kmsMasterKeyId") != "", "is not encrypted")
		})
	}}
	topicsHeard = check{"every topic has a subscriber", func(d *declaration) ([]string, string) {
		return d.every(topicType, "topic", func(r declared.Resource) string {
			heard := slices.ContainsFunc(d.byType[subscriptionType], func(s declared.Resource) bool {
				return strings.HasSuffix(text(s, "topic"), ":"+text(r, "name")) && text(s, "endpoint") != ""
			}) || slices.ContainsFunc(d.byType[slackType], func(s declared.Resource) bool {
				return slices.ContainsFunc(texts(at(s.Inputs, "snsTopicArns")), func(arn string) bool { return strings.HasSuffix(arn, ":"+text(r, "name")) })
			})
			return unless(heard, "has no subscriber")
		})
	}}
	topicsDenyHTTP = denyHTTP("every topic denies plain HTTP", topicType, topicPolicyType, "arn", "sns:Publish")
	queuesDenyHTTP = denyHTTP("every queue denies plain HTTP", queueType, queuePolicyType, "queueUrl", "sqs:*")
	queuesSecret   = check{"every queue is encrypted", func(d *declaration) ([]string, string) {
		return d.every(queueType, "queue", func(r declared.Resource) string {
			return unless(is(r, "sqsManagedSseEnabled") || text(r, "kmsMasterKeyId") != "", "is not encrypted")
		})
	}}
)

// denyHTTP holds when everything of a type has a policy, which names it by its property of, that denies plain HTTP.
func denyHTTP(what, typ, policyType, of, action string) check {
	return check{what, func(d *declaration) ([]string, string) {
		return d.every(typ, lastOf(typ, ":"), func(r declared.Resource) string {
			for _, p := range d.in(policyType, r.Region) {
				if name := strings.ReplaceAll(text(p, of), "/", ":"); !strings.HasSuffix(name, ":"+text(r, "name")) {
					continue
				}
				denied := slices.ContainsFunc(d.policyOf(p), func(s statement) bool {
					return s.Effect == "Deny" && everybody(s.Principal) && slices.Contains(texts(s.Action), action) &&
						slices.Contains(texts(s.Condition["Bool"]["aws:SecureTransport"]), "false")
				})
				return unless(denied, "takes plain HTTP")
			}
			return "has no policy"
		})
	}}
}

// toldByRule reports whether a rule in the alarm's Region looks for its state and tells it, or carries it to a Region where
// another rule does.
func toldByRule(d *declaration, alarm declared.Resource) bool {
	told := func(region string, heard func(t declared.Resource) bool) bool {
		return slices.ContainsFunc(d.in(eventRuleType, region), func(r declared.Resource) bool {
			return enabled(r) && d.looksFor(r, "alarmName="+text(alarm, "name")) && slices.ContainsFunc(targets(d, r), heard)
		})
	}
	heardIn := func(region string) func(t declared.Resource) bool {
		return func(t declared.Resource) bool { return heardAt(d, text(t, "arn"), region) }
	}
	return told(alarm.Region, heardIn(alarm.Region)) || told(alarm.Region, func(t declared.Resource) bool {
		parts := strings.SplitN(text(t, "arn"), ":", 6)
		return len(parts) == 6 && strings.HasPrefix(parts[5], "event-bus/") && parts[3] != alarm.Region && told(parts[3], heardIn(parts[3]))
	})
}

// lastAccount is the account in an ARN.
func lastAccount(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}
