package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// configInAccount deploys a hub with every channel and a baseline with all its alerts into a simulated account, with a
// trail beside it or without.
func configInAccount(t *testing.T, o testkit.Options, withTrail bool) *simulated {
	t.Helper()
	silent := []string{"arn:" + o.Partition + ":iam::" + accountID + ":role" + silentDeployer}
	s := deployInto(t, o, "", func(ctx *pulumi.Context) error {
		args := watchedHub(o.Partition)
		home, err := hubProvider(ctx, o, args, elsewhere(o.Partition))
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		if err != nil {
			return err
		}
		if withTrail {
			_, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Alerts: hub, IgnoreChangesBy: silent}, pulumi.Provider(home))
			if err != nil {
				return err
			}
		}
		_, err = configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{
			Alerts: hub, WithTrail: withTrail, Regions: args.Regions, Rules: noRules(),
			ChangeAlerts: []string{"AWS::KMS::Key", "AWS::S3::Bucket"}, CompliantAgainAlerts: true,
			IgnoreChangesBy: silent,
		}, pulumi.Provider(home))
		return err
	})
	s.confirmEverything(t)
	return s
}

// evaluation is a change of compliance as AWS Config tells it
// (https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html).
func evaluation(before, after string) func(region string) string {
	return func(region string) string {
		result := func(compliance string) any {
			if compliance == "" {
				return nil
			}
			return map[string]any{
				"evaluationResultIdentifier": map[string]any{
					"evaluationResultQualifier": map[string]any{"configRuleName": "restricted-ssh", "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-0123"},
					"orderingTimestamp":         "2026-03-01T09:10:01.000Z",
				},
				"complianceType": compliance, "resultRecordedTime": "2026-03-01T09:10:11.000Z", "configRuleInvokedTime": "2026-03-01T09:10:05.000Z",
				"annotation": `says "open"`,
			}
		}
		return envelope(region, "aws.config", "Config Rules Compliance Change", map[string]any{
			"awsAccountId": accountID, "configRuleName": "restricted-ssh", "awsRegion": region,
			"configRuleARN": "arn:aws:config:" + region + ":" + accountID + ":config-rule/config-rule-abcdef",
			"resourceType":  "AWS::EC2::SecurityGroup", "resourceId": "sg-0123", "messageType": "ComplianceChangeNotification", "recordVersion": "1.0",
			"newEvaluationResult": result(after), "oldEvaluationResult": result(before), "notificationCreationTime": "2026-03-01T09:10:12.000Z",
		})
	}
}

// recorded is a change of a resource as AWS Config tells it
// (https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html).
func recorded(resourceType, change string) func(region string) string {
	return func(region string) string {
		return envelope(region, "aws.config", "Config Configuration Item Change", map[string]any{
			"messageType": "ConfigurationItemChangeNotification", "recordVersion": "1.3", "notificationCreationTime": "2026-03-01T09:10:12.000Z",
			"configurationItemDiff": map[string]any{"changeType": change, "changedProperties": map[string]any{}},
			"configurationItem": map[string]any{
				"resourceType": resourceType, "resourceId": "thing-0123", "awsRegion": region, "awsAccountId": accountID,
				"configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-03-01T09:10:11.000Z", "relatedEvents": []any{},
				"configuration": map[string]any{"description": `says "x"`},
			},
		})
	}
}

func oversized(region string) string {
	return envelope(region, "aws.config", "Config Configuration Item Change", map[string]any{
		"messageType": "OversizedConfigurationItemChangeNotification", "recordVersion": "1.0",
		"configurationItemSummary": map[string]any{
			"changeType": "UPDATE", "resourceType": "AWS::S3::Bucket", "resourceId": "huge", "awsRegion": region, "awsAccountId": accountID,
			"configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-03-01T09:10:11.000Z",
		},
	})
}

// configSamples are the events of the baseline's alerts, by route: for each at least one that must be told, the first of
// which is walked to every channel.
func configSamples(withTrail bool) map[string][]sample {
	mallory, person := iamUser("/mallory"), []string{"mallory", "203.0.113.7", accountID}
	world := ingress(map[string]any{"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "0.0.0.0/0"}}}})
	network := ingress(map[string]any{"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "10.0.0.0/8"}}}})
	group := ingress(map[string]any{"groups": map[string]any{"items": []any{map[string]any{"groupId": "sg-9"}}}})
	modified := map[string]any{"ModifySecurityGroupRulesRequest": map[string]any{"GroupId": "sg-0123", "SecurityGroupRule": map[string]any{
		"SecurityGroupRuleId": "sgr-1", "tag": 1, "SecurityGroupRule": map[string]any{"CidrIpv4": "10.0.0.0/8"}}}}
	warning := func(contains []string, events ...func(string) string) (samples []sample) {
		for _, event := range events {
			samples = append(samples, sample{alerthub.Warning, event, contains, nil})
		}
		return samples
	}
	groups := warning(person,
		by(mallory, "ec2", "AuthorizeSecurityGroupIngress", network), by(mallory, "ec2", "AuthorizeSecurityGroupIngress", group),
		by(mallory, "ec2", "ModifySecurityGroupRules", modified), by(mallory, "ec2", "RevokeSecurityGroupEgress", map[string]any{"groupId": "sg-0123"}),
		by(mallory, "ec2", "CreateSecurityGroup", map[string]any{"groupName": "x"}), by(mallory, "ec2", "DeleteSecurityGroup", map[string]any{"groupId": "sg-0123"}))
	if !withTrail {
		groups = append(groups, warning(person, by(mallory, "ec2", "AuthorizeSecurityGroupIngress", world))...)
	}
	samples := map[string][]sample{
		"config-recorder-change": warning(person,
			by(mallory, "config", "PutConfigurationRecorder", nil), by(mallory, "config", "PutDeliveryChannel", nil),
			by(mallory, "config", "DeleteOrganizationConfigRule", nil), by(mallory, "config", "DeleteOrganizationConformancePack", nil),
			by(mallory, "config", "DeleteConfigRule", map[string]any{"configRuleName": "restricted-ssh"})),
		"config-non-compliant": warning([]string{"restricted-ssh", "AWS::EC2::SecurityGroup", "sg-0123", "does not comply", accountID},
			evaluation("COMPLIANT", "NON_COMPLIANT"), evaluation("", "NON_COMPLIANT")),
		"config-compliant":       {{alerthub.Informational, evaluation("NON_COMPLIANT", "COMPLIANT"), []string{"restricted-ssh", "sg-0123", "complies again"}, nil}},
		"config-security-groups": groups,
		"config-changes": warning([]string{"AWS::KMS::Key", "thing-0123", accountID},
			recorded("AWS::KMS::Key", "UPDATE"), recorded("AWS::KMS::Key", "CREATE"), recorded("AWS::KMS::Key", "DELETE")),
		"config-large-changes": warning([]string{"AWS::S3::Bucket", "huge", "too large"}, oversized),
	}
	if !withTrail {
		var off []sample
		for _, name := range []string{"StopConfigurationRecorder", "DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DeleteServiceLinkedConfigurationRecorder"} {
			off = append(off, sample{alerthub.Critical, by(mallory, "config", name, nil), append(person, name), nil})
		}
		samples["config-recorder-off"] = off
	}
	return samples
}

func TestEveryAlertOfConfigIsDelivered(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		s := configInAccount(t, testkit.Options{Partition: p.Name}, false)
		samples := hubSamples()
		for route, given := range configSamples(false) {
			samples[route] = given[0]
		}
		in := []string{p.Home}
		if p.Name == "aws" { // the others have no forwarding between Regions
			in = append(in, elsewhere(p.Name)...)
		}
		proveDelivery(t, s, p.Name, in, samples)
		for route, given := range configSamples(false) {
			for _, further := range given[1:] {
				assert.NoError(t, delivered(s, p.Name, route, p.Home, further), route)
			}
		}
	})
}

// TestNothingIsToldTwice: beside a trail each event reaches people by one route, whoever's it is.
func TestNothingIsToldTwice(t *testing.T) {
	s := configInAccount(t, testkit.Options{Partition: "aws"}, true)
	mallory := iamUser("/mallory")
	world := ingress(map[string]any{"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "0.0.0.0/0"}}}})
	world6 := ingress(map[string]any{"ipv6Ranges": map[string]any{"items": []any{map[string]any{"cidrIpv6": "::/0"}}}})
	told := map[string][]sample{
		"audit-detection-off": {
			{alerthub.Critical, by(mallory, "config", "StopConfigurationRecorder", nil), nil, nil},
			{alerthub.Critical, by(mallory, "config", "DeleteDeliveryChannel", nil), nil, nil},
		},
		"audit-open-to-world": {
			{alerthub.Warning, by(mallory, "ec2", "AuthorizeSecurityGroupIngress", world), nil, nil},
			{alerthub.Warning, by(mallory, "ec2", "AuthorizeSecurityGroupIngress", world6), nil, nil},
		},
	}
	for route, samples := range configSamples(true) {
		told[route] = samples
	}
	for route, samples := range told {
		for _, given := range samples {
			require.NoError(t, delivered(s, "aws", route, s.home, given), route)
			for _, delivery := range s.account().PutEvent(s.home, given.event(s.home)) {
				assert.Contains(t, trailOf(delivery), "-"+route, "the event of %s is told by another route too", route)
			}
		}
	}
}

// TestConfigIsSilentAboutEverydayWork: a near miss of each alert raises none.
func TestConfigIsSilentAboutEverydayWork(t *testing.T) {
	alice, deployer := iamUser("/alice"), assumedRole(silentDeployer, "up")
	failed := func(service, name string) func(region string) string {
		return func(region string) string {
			return strings.Replace(call(region, service, name, alice, nil), `"detail":{`, `"detail":{"errorCode":"Client.UnauthorizedOperation",`, 1)
		}
	}
	alone, besideTrail := configInAccount(t, testkit.Options{Partition: "aws"}, false), configInAccount(t, testkit.Options{Partition: "aws"}, true)
	for name, event := range map[string]func(region string) string{
		"a resource complies from the start":    evaluation("", "COMPLIANT"),
		"a rule does not apply any more":        evaluation("NON_COMPLIANT", "NOT_APPLICABLE"),
		"a type that nobody named changes":      recorded("AWS::EC2::Instance", "UPDATE"),
		"the recorder is started":               by(alice, "config", "StartConfigurationRecorder", nil),
		"the recorder is described":             by(alice, "config", "DescribeConfigurationRecorders", nil),
		"a rule is evaluated":                   by(alice, "config", "StartConfigRulesEvaluation", nil),
		"the deployer changes the recorder":     by(deployer, "config", "PutConfigurationRecorder", nil),
		"the deployer stops the recorder":       by(deployer, "config", "StopConfigurationRecorder", nil),
		"the deployer changes a security group": by(deployer, "ec2", "AuthorizeSecurityGroupIngress", ingress(nil)),
		"opening a security group is denied":    failed("ec2", "AuthorizeSecurityGroupIngress"),
		"a change of the recorder is denied":    failed("config", "PutConfigurationRecorder"),
		"an instance is started":                by(alice, "ec2", "RunInstances", nil),
		"a security group is described":         by(alice, "ec2", "DescribeSecurityGroups", nil),
	} {
		for _, s := range []*simulated{alone, besideTrail} {
			for _, region := range append([]string{s.home}, elsewhere("aws")...) {
				for _, delivery := range s.account().PutEvent(region, event(region)) {
					assert.Failf(t, "told of everyday work", "%s in %s: %s: %s", name, region, trailOf(delivery), delivery.Text)
				}
			}
		}
	}
}

// TestConfigAlertsCanBeSwitchedOff: each switch takes its routes away and no other.
func TestConfigAlertsCanBeSwitchedOff(t *testing.T) {
	off := false
	routes := func(args configbaseline.ConfigBaselineArgs) (names []string) {
		d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
			if err != nil {
				return err
			}
			args.Alerts, args.Rules = hub, noRules()
			_, err = configbaseline.NewConfigBaseline(ctx, "config", &args)
			return err
		})
		for _, rule := range d.ByType(eventRuleType) {
			if name, ours := strings.CutPrefix(rule.Name, "alerts-config-"); ours {
				names = append(names, name)
			}
		}
		return sortedCopy(names)
	}
	type args = configbaseline.ConfigBaselineArgs
	for _, row := range []struct {
		args args
		want []string
	}{
		{args{}, []string{"non-compliant", "recorder-change", "recorder-off", "security-groups"}},
		{args{WithTrail: true}, []string{"non-compliant", "recorder-change", "security-groups"}},
		{args{NonComplianceAlerts: &off}, []string{"recorder-change", "recorder-off", "security-groups"}},
		{args{SecurityGroupAlerts: &off}, []string{"non-compliant", "recorder-change", "recorder-off"}},
		{args{SecurityGroupAlerts: &off, ChangeAlerts: []string{"AWS::EC2::SecurityGroup"}}, []string{"changes", "large-changes", "non-compliant", "recorder-change", "recorder-off"}},
		{args{CompliantAgainAlerts: true}, []string{"compliant", "non-compliant", "recorder-change", "recorder-off", "security-groups"}},
	} {
		assert.Equal(t, row.want, routes(row.args))
	}
}

// TestLongestListOfChangeAlertsFits: what the arguments accept, EventBridge takes.
func TestLongestListOfChangeAlertsFits(t *testing.T) {
	var types []string
	for length := 0; length < 1660; length += 34 {
		types = append(types, "AWS::Example::ResourceTypeOf"+strings.Repeat("X", 1+len(types)/26)+string(rune('a'+len(types)%26)))
	}
	testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
		if err != nil {
			return err
		}
		_, err = configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{Alerts: hub, ChangeAlerts: types, Rules: noRules()})
		return err
	})
}

var _ configbaseline.RegionProviders = (*regions.Providers)(nil)
