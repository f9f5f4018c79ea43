package policies

import (
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// The account the program is deployed to, an account of somebody else, and the home Region.
const (
	Account, Stranger = "123456789012", "210987654321"
	Home, Elsewhere   = "ap-northeast-1", "us-east-1"

	prefix = "account-baseline-dev"
)

// The principals that the settings of the compositions name.
const (
	Deployer = "arn:aws:iam::" + Account + ":role/ci/account-baseline-deployer"
	Reader   = "arn:aws:iam::" + Account + ":role/auditor"
	Scanner  = "arn:aws:iam::" + Stranger + ":role/scanner"
	Shared   = "agreed-with-the-scanner" // its external ID

	OrganizationID = "o-a1b2c3d4e5"

	// Repository is what deploys the account.
	Repository = "example/accounts"

	// The bucket of a log-archive account, and its key.
	CentralBucket = "central-logs"
	CentralKey    = "arn:aws:kms:" + Home + ":" + Stranger + ":key/11111111-2222-3333-4444-555555555555"
)

const mfa = "aws:MultiFactorAuthPresent"

// Member is somebody who asks: a principal, its own rights, and what its requests carry.
type Member struct {
	Name      string
	principal policyeval.Principal
	rights    []*policyeval.Document
	context   map[string]string
	written   string // ARN and rights of a declared role, which differ between compositions
}

var administratorAccess = mustParse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)

func mustParse(document string) *policyeval.Document {
	parsed, err := policyeval.Parse(document)
	if err != nil {
		panic(err)
	}
	return parsed
}

// Names of people in the tables.
const (
	anonymous       = "somebody anonymous"
	foreignRoot     = "another account's root user"
	foreignAdmin    = "another account's administrator"
	foreignDeployer = "another account's role of the deployer's name"
	scanner         = "the named scanner of another account"
	root            = "the root user"
	administrator   = "an administrator"
	administratorM  = "an administrator with MFA"
	powerless       = "a role without rights"
	deployer        = "the deployer"
	namesake        = "an administrator of the deployer's name"
	auditor         = "the named reader"
	signedIn        = "somebody signed in at an identity provider"
)

// people are everybody but services and the roles that the program declares. Administrators have AdministratorAccess.
func people() []Member {
	administrators := []*policyeval.Document{administratorAccess}
	own := func(kind string) string { return "arn:aws:iam::" + Account + ":" + kind }
	foreign := func(kind string) string { return "arn:aws:iam::" + Stranger + ":" + kind }
	return []Member{
		{Name: anonymous, principal: policyeval.Principal{Anonymous: true}},
		{Name: signedIn, principal: policyeval.Principal{Federated: own("oidc-provider/token.actions.githubusercontent.com")}},
		{Name: foreignRoot, principal: policyeval.Principal{Root: true, ARN: foreign("root")}},
		{Name: foreignAdmin, principal: policyeval.Principal{ARN: foreign("role/admin")}, rights: administrators, context: map[string]string{mfa: "true"}},
		{Name: foreignDeployer, principal: policyeval.Principal{ARN: strings.Replace(Deployer, Account, Stranger, 1)}, rights: administrators},
		{Name: scanner, principal: policyeval.Principal{ARN: Scanner}, rights: administrators},
		{Name: root, principal: policyeval.Principal{Root: true, ARN: own("root")}, context: map[string]string{mfa: "false"}},
		{Name: administrator, principal: policyeval.Principal{ARN: own("role/admin")}, rights: administrators},
		{Name: administratorM, principal: policyeval.Principal{ARN: own("user/alice")}, rights: administrators, context: map[string]string{mfa: "true"}},
		{Name: powerless, principal: policyeval.Principal{ARN: own("role/intern")}, context: map[string]string{mfa: "true"}},
		{Name: deployer, principal: policyeval.Principal{ARN: Deployer}, rights: administrators},
		{Name: namesake, principal: policyeval.Principal{ARN: own("role/account-baseline-deployer")}, rights: administrators},
		{Name: auditor, principal: policyeval.Principal{ARN: Reader}, rights: administrators},
	}
}

// service is an AWS service that calls as itself, with the sources it can name.
type service struct {
	label, principal string
	// sources by name, the ARN of each; the account is the one in the ARN. A service without any names the account alone.
	sources map[string]string
	// mixed adds sources whose ARN and account contradict each other, so that each of the two conditions is seen to hold.
	mixed bool
}

func arn(service, region, account, resource string) string {
	return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource
}

var services = []service{
	{"CloudTrail", "cloudtrail.amazonaws.com", map[string]string{
		"the trail":                   arn("cloudtrail", Home, Account, "trail/"+prefix+"-audit"),
		"another trail":               arn("cloudtrail", Home, Account, "trail/shadow"),
		"the trail of another Region": arn("cloudtrail", Elsewhere, Account, "trail/"+prefix+"-audit"),
		"another account's trail":     arn("cloudtrail", Home, Stranger, "trail/"+prefix+"-audit"),
	}, false},
	{"AWS Config", "config.amazonaws.com", nil, false},
	{"GuardDuty", "guardduty.amazonaws.com", map[string]string{
		"a detector":                 arn("guardduty", Home, Account, "detector/12abc"),
		"a detector elsewhere":       arn("guardduty", Elsewhere, Account, "detector/34def"),
		"something else":             arn("guardduty", Home, Account, "malware-protection-plan/12abc"),
		"another account's detector": arn("guardduty", Home, Stranger, "detector/12abc"),
	}, true},
	{"GuardDuty malware protection", "malware-protection-plan.guardduty.amazonaws.com", map[string]string{
		"a plan":                 arn("guardduty", Home, Account, "malware-protection-plan/12abc"),
		"another account's plan": arn("guardduty", Home, Stranger, "malware-protection-plan/12abc"),
	}, false},
	{"S3 access logging", "logging.s3.amazonaws.com", map[string]string{
		"the trail's bucket":       bucketARN("archive-trail"),
		"the delivery bucket":      bucketARN("archive-delivery"),
		"Config's own bucket":      configsBucket,
		"another bucket":           "arn:aws:s3:::elsewhere",
		"another account's bucket": "arn:aws:s3:::elsewhere-" + Stranger,
	}, true},
	{"CloudWatch Logs", "logs." + Home + ".amazonaws.com", nil, false},
	{"CloudWatch Logs of another Region", "logs." + Elsewhere + ".amazonaws.com", nil, false},
	{"CloudWatch", "cloudwatch.amazonaws.com", map[string]string{
		"an alarm":                arn("cloudwatch", Home, Account, "alarm:cis-rootUsage"),
		"an alarm elsewhere":      arn("cloudwatch", Elsewhere, Account, "alarm:cis-rootUsage"),
		"another account's alarm": arn("cloudwatch", Home, Stranger, "alarm:cis-rootUsage"),
	}, true},
	{"EventBridge", "events.amazonaws.com", map[string]string{
		"a rule of the hub":                arn("events", Home, Account, "rule/"+prefix+"-alerts-root-use"),
		"a rule of the hub elsewhere":      arn("events", Elsewhere, Account, "rule/"+prefix+"-alerts-root-use"),
		"somebody's rule":                  arn("events", Home, Account, "rule/somebody"),
		"a rule of the hub's name outside": arn("events", Home, Stranger, "rule/"+prefix+"-alerts-root-use"),
	}, true},
	{"Budgets", "budgets.amazonaws.com", map[string]string{
		"the monthly budget":          "arn:aws:budgets::" + Account + ":budget/" + prefix + "-bill-monthly",
		"the monthly budget's action": "arn:aws:budgets::" + Account + ":budget/" + prefix + "-bill-monthly/action/1",
		"another budget":              "arn:aws:budgets::" + Account + ":budget/other",
		"another account's budget":    "arn:aws:budgets::" + Stranger + ":budget/" + prefix + "-bill-monthly",
	}, true},
	{"Cost anomaly detection", "costalerts.amazonaws.com", nil, false},
	{"SNS", "sns.amazonaws.com", map[string]string{
		"the critical topic":      topicARN("critical"),
		"the warning topic":       topicARN("warning"),
		"the informational topic": topicARN("informational"),
		"a chat topic":            topicARN("critical-chat"),
		"another topic":           arn("sns", Home, Account, "other"),
		"another account's topic": arn("sns", Home, Stranger, prefix+"-alerts-critical"),
	}, false},
	{"EventBridge Pipes", "pipes.amazonaws.com", map[string]string{
		"the webhook's pipe":     arn("pipes", Home, Account, "pipe/"+prefix+"-alerts-webhook"),
		"another pipe":           arn("pipes", Home, Account, "pipe/other"),
		"another account's pipe": arn("pipes", Home, Stranger, "pipe/"+prefix+"-alerts-webhook"),
	}, true},
	{"Amazon Q Developer in chat applications", "chatbot.amazonaws.com", map[string]string{
		"the channel":               "arn:aws:chatbot::" + Account + ":chat-configuration/slack-channel/alerts",
		"another account's channel": "arn:aws:chatbot::" + Stranger + ":chat-configuration/slack-channel/alerts",
	}, false},
	{"Step Functions", "states.amazonaws.com", map[string]string{
		"the bill report":                 arn("states", Home, Account, "stateMachine:"+prefix+"-bill-report"),
		"the weekly digest":               arn("states", Home, Account, "stateMachine:"+prefix+"-weekly-digest"),
		"another state machine":           arn("states", Home, Account, "stateMachine:other"),
		"another account's state machine": arn("states", Home, Stranger, "stateMachine:"+prefix+"-bill-report"),
	}, true},
	{"EventBridge Scheduler", "scheduler.amazonaws.com", map[string]string{
		"the bill report":          arn("scheduler", Home, Account, "schedule-group/"+prefix+"-bill-report"),
		"the weekly digest":        arn("scheduler", Home, Account, "schedule-group/"+prefix+"-weekly-digest"),
		"another schedule":         arn("scheduler", Home, Account, "schedule-group/other"),
		"another account's report": arn("scheduler", Home, Stranger, "schedule-group/"+prefix+"-bill-report"),
	}, true},
	{"Systems Manager", "ssm.amazonaws.com", map[string]string{
		"an automation":                arn("ssm", Home, Account, "automation-execution/1"),
		"an automation elsewhere":      arn("ssm", Elsewhere, Account, "automation-execution/1"),
		"something else":               arn("ssm", Home, Account, "managed-instance/1"),
		"another account's automation": arn("ssm", Home, Stranger, "automation-execution/1"),
	}, true},
	{"Lambda", "lambda.amazonaws.com", map[string]string{
		"a function":                 arn("lambda", Home, Account, "function:f"),
		"another account's function": arn("lambda", Home, Stranger, "function:f"),
	}, false},
	{"EC2", "ec2.amazonaws.com", nil, false},
}

// members are the service with each source it can name, and with none.
func (s service) members() []Member {
	asking := func(source, arn, account string) Member {
		m := Member{Name: s.label + " for " + source, principal: policyeval.Principal{Service: s.principal}, context: map[string]string{}}
		if arn != "" {
			m.context["aws:SourceArn"] = arn
		}
		if account != "" {
			m.context["aws:SourceAccount"] = account
		}
		return m
	}
	members := []Member{asking("no source", "", "")}
	if s.sources == nil {
		members = append(members, asking("the account", "", Account), asking("another account", "", Stranger))
	}
	for _, name := range sortedKeys(s.sources) {
		source := s.sources[name]
		owner := Account
		if strings.Contains(source, Stranger) {
			owner = Stranger
		}
		members = append(members, asking(name, source, owner))
		if s.mixed {
			contradiction := map[string]string{Account: Stranger, Stranger: Account}[owner]
			members = append(members, asking(name+contradicting, source, contradiction))
		}
	}
	return members
}

// contradicting marks a source whose account is not the one of its ARN. No service sends such a request; it shows that
// ARN and account are both looked at.
const contradicting = ", its account contradicting"

// impostors are requests of a service that no policy names, for the very sources of those that are named: without them the
// sources alone would seem to be enough.
func impostors() (members []Member) {
	for _, s := range services {
		for _, name := range sortedKeys(s.sources) {
			if source := s.sources[name]; !strings.Contains(source, Stranger) {
				members = append(members, Member{
					Name: "Lambda for " + name + " of " + s.label, principal: policyeval.Principal{Service: "lambda.amazonaws.com"},
					context: map[string]string{"aws:SourceArn": source, "aws:SourceAccount": Account},
				})
			}
		}
	}
	return members
}

// Cast is everybody who asks of resources: people, services by source, and the roles of the composition with their own
// rights.
func (c *Composition) Cast() []Member {
	cast := people()
	for _, s := range services {
		cast = append(cast, s.members()...)
	}
	cast = append(cast, impostors()...)
	for _, name := range c.roleNames() {
		cast = append(cast, Member{
			Name: roleNamed(name), principal: policyeval.Principal{ARN: c.roles[name].arn}, rights: c.roles[name].rights,
			written: c.roles[name].written,
		})
	}
	return cast
}

func roleNamed(logical string) string { return "the role " + logical }

// everySourceOf are all members of a service, by its label.
func everySourceOf(label string) list {
	var names list
	for _, s := range services {
		if s.label == label {
			for _, m := range s.members() {
				names = append(names, m.Name)
			}
		}
	}
	return names
}
