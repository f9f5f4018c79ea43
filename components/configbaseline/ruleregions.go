package configbaseline

import (
	"slices"
	"strings"
)

// missingIn are the Regions that lack a rule, as the rule's page lists them:
// https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html. AWS Config refuses a rule
// where it is missing. AWS adds rules to Regions over time.
var missingIn = func() map[string][]string {
	missing := map[string][]string{}
	for _, row := range []struct{ regions, rules string }{
		{"ap-east-2 ap-south-2 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 eu-south-2 il-central-1 me-central-1 mx-central-1",
			"mfa-enabled-for-iam-console-access access-keys-rotated iam-user-unused-credentials-check iam-user-mfa-enabled iam-user-no-policies-check " +
				"iam-policy-no-statements-with-admin-access iam-policy-no-statements-with-full-access iam-customer-policy-blocked-kms-actions iam-inline-policy-blocked-kms-actions"},
		{"ap-east-2 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 cn-north-1 cn-northwest-1 il-central-1 mx-central-1",
			"backup-plan-min-frequency-and-min-retention-check rds-resources-protected-by-backup-plan dynamodb-resources-protected-by-backup-plan " +
				"ebs-resources-protected-by-backup-plan ec2-resources-protected-by-backup-plan efs-resources-protected-by-backup-plan " +
				"s3-resources-protected-by-backup-plan aurora-resources-protected-by-backup-plan"},
		{"ap-east-2 ap-south-2 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 cn-north-1 cn-northwest-1 eu-central-2 eu-south-2 il-central-1 me-central-1 mx-central-1 us-gov-east-1 us-gov-west-1",
			"eks-cluster-logging-enabled opensearch-encrypted-at-rest opensearch-in-vpc-only opensearch-node-to-node-encryption-check opensearch-https-required"},
		{"ap-east-2 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 cn-north-1 cn-northwest-1 il-central-1 me-central-1 mx-central-1 us-gov-east-1 us-gov-west-1",
			"root-account-mfa-enabled root-account-hardware-mfa-enabled"},
		{"ap-east-2 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 eu-south-2 il-central-1 me-central-1 mx-central-1", "iam-root-access-key-check"},
		{"ap-east-2 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 mx-central-1", "codebuild-project-envvar-awscred-check"},
		{"ap-east-2 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 mx-central-1", "autoscaling-launchconfig-requires-imdsv2"},
		{"ap-east-2 ca-west-1 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1", "iam-external-access-analyzer-enabled"},
		{"ap-east-2 ap-southeast-6 ca-west-1 mx-central-1 us-gov-east-1 us-gov-west-1", "security-account-information-provided"},
		{"af-south-1 ap-southeast-4 eu-central-2 eu-south-1 eu-south-2 il-central-1", "rds-snapshots-public-prohibited"},
		{"ap-east-2 ap-southeast-5 ap-southeast-6 ap-southeast-7 mx-central-1", "sagemaker-notebook-no-direct-internet-access"},
		{"ap-east-2 ap-southeast-6 ap-southeast-7 mx-central-1", "guardduty-enabled-centralized"},
		{"ap-east-2 us-gov-east-1 us-gov-west-1", "ecs-no-environment-secrets"},
		{"ap-east-2 ap-southeast-6 ap-southeast-7", "s3-bucket-acl-prohibited"},
		{"ap-east-2 ap-southeast-6 eu-south-1", "kms-cmk-not-scheduled-for-deletion"},
		{"ap-east-2 ap-southeast-6", "api-gw-execution-logging-enabled"},
		{"ap-east-2", "dynamodb-table-deletion-protection-enabled"},
		{"ap-southeast-6", "eks-secrets-encrypted"},
		{"ca-west-1 il-central-1", "kinesis-stream-encrypted"},
		{"cn-north-1 cn-northwest-1", "ecr-private-image-scanning-enabled"},
		{"cn-north-1", "rds-cluster-deletion-protection-enabled"},
		{"cn-northwest-1", "lambda-function-public-access-prohibited"},
		{"eu-south-2", "ebs-snapshot-public-restorable-check"},
		{"mx-central-1", "redshift-cluster-public-access-check redshift-require-tls-ssl"},
		{"us-gov-east-1 us-gov-west-1", "ecs-task-definition-pid-mode-check"},
	} {
		for _, rule := range strings.Fields(row.rules) {
			missing[rule] = strings.Fields(row.regions)
		}
	}
	return missing
}()

// in says whether AWS has the rule in the Region.
func (r KnownRule) in(region string) bool {
	if r.Placement == NorthVirginia {
		return region == northVirginia
	}
	return !slices.Contains(r.MissingIn, region)
}

// northVirginia is the Region that has the rules of CloudFront, because CloudFront is recorded there.
const northVirginia = string(NorthVirginia)

// home is where a rule that looks at the whole account is evaluated: the home Region, or else the first that has it; "" when
// none does.
func (r KnownRule) home(plan recordingPlan) string {
	for _, region := range append([]string{plan.home}, plan.regions()...) {
		if r.in(region) && (region == plan.home || slices.IndexFunc(r.needs(), func(t string) bool { return !plan.records(region, t) }) < 0) {
			return region
		}
	}
	return ""
}
