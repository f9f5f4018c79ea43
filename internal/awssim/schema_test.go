package awssim

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/accessanalyzer"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/account"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/athena"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/chatbot"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/costexplorer"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/inspector2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/macie2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/notifications"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/pipes"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/securityhub"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sdkType is anything of the SDK that knows its plain Go type.
type sdkType interface{ ElementType() reflect.Type }

// sdkTypes are the arguments and the state of every resource type.
var sdkTypes = map[string]struct{ args, state sdkType }{
	"aws:accessanalyzer/analyzer:Analyzer":                                                       {accessanalyzer.AnalyzerArgs{}, accessanalyzer.AnalyzerState{}},
	"aws:accessanalyzer/archiveRule:ArchiveRule":                                                 {accessanalyzer.ArchiveRuleArgs{}, accessanalyzer.ArchiveRuleState{}},
	"aws:account/alternativeContact:AlternativeContact":                                          {account.AlternativeContactArgs{}, account.AlternativeContactState{}},
	"aws:athena/namedQuery:NamedQuery":                                                           {athena.NamedQueryArgs{}, athena.NamedQueryState{}},
	"aws:athena/workgroup:Workgroup":                                                             {athena.WorkgroupArgs{}, athena.WorkgroupState{}},
	"aws:budgets/budget:Budget":                                                                  {budgets.BudgetArgs{}, budgets.BudgetState{}},
	"aws:budgets/budgetAction:BudgetAction":                                                      {budgets.BudgetActionArgs{}, budgets.BudgetActionState{}},
	"aws:cfg/aggregateAuthorization:AggregateAuthorization":                                      {cfg.AggregateAuthorizationArgs{}, cfg.AggregateAuthorizationState{}},
	"aws:cfg/configurationAggregator:ConfigurationAggregator":                                    {cfg.ConfigurationAggregatorArgs{}, cfg.ConfigurationAggregatorState{}},
	"aws:cfg/conformancePack:ConformancePack":                                                    {cfg.ConformancePackArgs{}, cfg.ConformancePackState{}},
	"aws:cfg/deliveryChannel:DeliveryChannel":                                                    {cfg.DeliveryChannelArgs{}, cfg.DeliveryChannelState{}},
	"aws:cfg/recorder:Recorder":                                                                  {cfg.RecorderArgs{}, cfg.RecorderState{}},
	"aws:cfg/recorderStatus:RecorderStatus":                                                      {cfg.RecorderStatusArgs{}, cfg.RecorderStatusState{}},
	"aws:cfg/remediationConfiguration:RemediationConfiguration":                                  {cfg.RemediationConfigurationArgs{}, cfg.RemediationConfigurationState{}},
	"aws:cfg/retentionConfiguration:RetentionConfiguration":                                      {cfg.RetentionConfigurationArgs{}, cfg.RetentionConfigurationState{}},
	"aws:cfg/rule:Rule":                                                                          {cfg.RuleArgs{}, cfg.RuleState{}},
	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration":                            {chatbot.SlackChannelConfigurationArgs{}, chatbot.SlackChannelConfigurationState{}},
	"aws:cloudtrail/trail:Trail":                                                                 {cloudtrail.TrailArgs{}, cloudtrail.TrailState{}},
	"aws:cloudwatch/compositeAlarm:CompositeAlarm":                                               {cloudwatch.CompositeAlarmArgs{}, cloudwatch.CompositeAlarmState{}},
	"aws:cloudwatch/dashboard:Dashboard":                                                         {cloudwatch.DashboardArgs{}, cloudwatch.DashboardState{}},
	"aws:cloudwatch/eventApiDestination:EventApiDestination":                                     {cloudwatch.EventApiDestinationArgs{}, cloudwatch.EventApiDestinationState{}},
	"aws:cloudwatch/eventBus:EventBus":                                                           {cloudwatch.EventBusArgs{}, cloudwatch.EventBusState{}},
	"aws:cloudwatch/eventBusPolicy:EventBusPolicy":                                               {cloudwatch.EventBusPolicyArgs{}, cloudwatch.EventBusPolicyState{}},
	"aws:cloudwatch/eventConnection:EventConnection":                                             {cloudwatch.EventConnectionArgs{}, cloudwatch.EventConnectionState{}},
	"aws:cloudwatch/eventPermission:EventPermission":                                             {cloudwatch.EventPermissionArgs{}, cloudwatch.EventPermissionState{}},
	"aws:cloudwatch/eventRule:EventRule":                                                         {cloudwatch.EventRuleArgs{}, cloudwatch.EventRuleState{}},
	"aws:cloudwatch/eventTarget:EventTarget":                                                     {cloudwatch.EventTargetArgs{}, cloudwatch.EventTargetState{}},
	"aws:cloudwatch/logGroup:LogGroup":                                                           {cloudwatch.LogGroupArgs{}, cloudwatch.LogGroupState{}},
	"aws:cloudwatch/logMetricFilter:LogMetricFilter":                                             {cloudwatch.LogMetricFilterArgs{}, cloudwatch.LogMetricFilterState{}},
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy":                                         {cloudwatch.LogResourcePolicyArgs{}, cloudwatch.LogResourcePolicyState{}},
	"aws:cloudwatch/metricAlarm:MetricAlarm":                                                     {cloudwatch.MetricAlarmArgs{}, cloudwatch.MetricAlarmState{}},
	"aws:cloudwatch/queryDefinition:QueryDefinition":                                             {cloudwatch.QueryDefinitionArgs{}, cloudwatch.QueryDefinitionState{}},
	"aws:costexplorer/anomalyMonitor:AnomalyMonitor":                                             {costexplorer.AnomalyMonitorArgs{}, costexplorer.AnomalyMonitorState{}},
	"aws:costexplorer/anomalySubscription:AnomalySubscription":                                   {costexplorer.AnomalySubscriptionArgs{}, costexplorer.AnomalySubscriptionState{}},
	"aws:costexplorer/costAllocationTag:CostAllocationTag":                                       {costexplorer.CostAllocationTagArgs{}, costexplorer.CostAllocationTagState{}},
	"aws:ebs/defaultKmsKey:DefaultKmsKey":                                                        {ebs.DefaultKmsKeyArgs{}, ebs.DefaultKmsKeyState{}},
	"aws:ebs/encryptionByDefault:EncryptionByDefault":                                            {ebs.EncryptionByDefaultArgs{}, ebs.EncryptionByDefaultState{}},
	"aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess":                                {ebs.SnapshotBlockPublicAccessArgs{}, ebs.SnapshotBlockPublicAccessState{}},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":                                          {sourceType{"defaultSecurityGroupArgs"}, sourceType{"defaultSecurityGroupState"}},
	"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess":                                      {sourceType{"imageBlockPublicAccessArgs"}, sourceType{"imageBlockPublicAccessState"}},
	"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults":                                  {sourceType{"instanceMetadataDefaultsArgs"}, sourceType{"instanceMetadataDefaultsState"}},
	"aws:ec2/serialConsoleAccess:SerialConsoleAccess":                                            {sourceType{"serialConsoleAccessArgs"}, sourceType{"serialConsoleAccessState"}},
	"aws:glue/catalogDatabase:CatalogDatabase":                                                   {glue.CatalogDatabaseArgs{}, glue.CatalogDatabaseState{}},
	"aws:glue/catalogTable:CatalogTable":                                                         {glue.CatalogTableArgs{}, glue.CatalogTableState{}},
	"aws:guardduty/detector:Detector":                                                            {guardduty.DetectorArgs{}, guardduty.DetectorState{}},
	"aws:guardduty/detectorFeature:DetectorFeature":                                              {guardduty.DetectorFeatureArgs{}, guardduty.DetectorFeatureState{}},
	"aws:guardduty/filter:Filter":                                                                {guardduty.FilterArgs{}, guardduty.FilterState{}},
	"aws:guardduty/iPSet:IPSet":                                                                  {guardduty.IPSetArgs{}, guardduty.IPSetState{}},
	"aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan":                                  {guardduty.MalwareProtectionPlanArgs{}, guardduty.MalwareProtectionPlanState{}},
	"aws:guardduty/publishingDestination:PublishingDestination":                                  {guardduty.PublishingDestinationArgs{}, guardduty.PublishingDestinationState{}},
	"aws:guardduty/threatIntelSet:ThreatIntelSet":                                                {guardduty.ThreatIntelSetArgs{}, guardduty.ThreatIntelSetState{}},
	"aws:iam/accountAlias:AccountAlias":                                                          {iam.AccountAliasArgs{}, iam.AccountAliasState{}},
	"aws:iam/accountPasswordPolicy:AccountPasswordPolicy":                                        {iam.AccountPasswordPolicyArgs{}, iam.AccountPasswordPolicyState{}},
	"aws:iam/group:Group":                                                                        {iam.GroupArgs{}, iam.GroupState{}},
	"aws:iam/groupMembership:GroupMembership":                                                    {iam.GroupMembershipArgs{}, iam.GroupMembershipState{}},
	"aws:iam/groupPolicy:GroupPolicy":                                                            {iam.GroupPolicyArgs{}, iam.GroupPolicyState{}},
	"aws:iam/groupPolicyAttachment:GroupPolicyAttachment":                                        {iam.GroupPolicyAttachmentArgs{}, iam.GroupPolicyAttachmentState{}},
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":                                        {iam.OpenIdConnectProviderArgs{}, iam.OpenIdConnectProviderState{}},
	"aws:iam/policy:Policy":                                                                      {iam.PolicyArgs{}, iam.PolicyState{}},
	"aws:iam/role:Role":                                                                          {iam.RoleArgs{}, iam.RoleState{}},
	"aws:iam/rolePolicy:RolePolicy":                                                              {iam.RolePolicyArgs{}, iam.RolePolicyState{}},
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment":                                          {iam.RolePolicyAttachmentArgs{}, iam.RolePolicyAttachmentState{}},
	"aws:iam/serviceLinkedRole:ServiceLinkedRole":                                                {iam.ServiceLinkedRoleArgs{}, iam.ServiceLinkedRoleState{}},
	"aws:iam/user:User":                                                                          {iam.UserArgs{}, iam.UserState{}},
	"aws:iam/userGroupMembership:UserGroupMembership":                                            {iam.UserGroupMembershipArgs{}, iam.UserGroupMembershipState{}},
	"aws:inspector2/enabler:Enabler":                                                             {inspector2.EnablerArgs{}, inspector2.EnablerState{}},
	"aws:kms/alias:Alias":                                                                        {kms.AliasArgs{}, kms.AliasState{}},
	"aws:kms/key:Key":                                                                            {kms.KeyArgs{}, kms.KeyState{}},
	"aws:kms/keyPolicy:KeyPolicy":                                                                {kms.KeyPolicyArgs{}, kms.KeyPolicyState{}},
	"aws:macie2/account:Account":                                                                 {macie2.AccountArgs{}, macie2.AccountState{}},
	"aws:notifications/channelAssociation:ChannelAssociation":                                    {notifications.ChannelAssociationArgs{}, notifications.ChannelAssociationState{}},
	"aws:notifications/contactsEmailContact:ContactsEmailContact":                                {notifications.ContactsEmailContactArgs{}, notifications.ContactsEmailContactState{}},
	"aws:notifications/eventRule:EventRule":                                                      {notifications.EventRuleArgs{}, notifications.EventRuleState{}},
	"aws:notifications/notificationConfiguration:NotificationConfiguration":                      {notifications.NotificationConfigurationArgs{}, notifications.NotificationConfigurationState{}},
	"aws:notifications/notificationHub:NotificationHub":                                          {notifications.NotificationHubArgs{}, notifications.NotificationHubState{}},
	"aws:pipes/pipe:Pipe":                                                                        {pipes.PipeArgs{}, pipes.PipeState{}},
	"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock":                                   {s3.AccountPublicAccessBlockArgs{}, s3.AccountPublicAccessBlockState{}},
	"aws:s3/bucketAclV2:BucketAclV2":                                                             {s3.BucketAclV2Args{}, s3.BucketAclV2State{}},
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       {s3.BucketLifecycleConfigurationV2Args{}, s3.BucketLifecycleConfigurationV2State{}},
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                                                     {s3.BucketLoggingV2Args{}, s3.BucketLoggingV2State{}},
	"aws:s3/bucketNotification:BucketNotification":                                               {s3.BucketNotificationArgs{}, s3.BucketNotificationState{}},
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2":                     {s3.BucketObjectLockConfigurationV2Args{}, s3.BucketObjectLockConfigurationV2State{}},
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     {s3.BucketOwnershipControlsArgs{}, s3.BucketOwnershipControlsState{}},
	"aws:s3/bucketPolicy:BucketPolicy":                                                           {s3.BucketPolicyArgs{}, s3.BucketPolicyState{}},
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     {s3.BucketPublicAccessBlockArgs{}, s3.BucketPublicAccessBlockState{}},
	"aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2":             {s3.BucketRequestPaymentConfigurationV2Args{}, s3.BucketRequestPaymentConfigurationV2State{}},
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {s3.BucketServerSideEncryptionConfigurationV2Args{}, s3.BucketServerSideEncryptionConfigurationV2State{}},
	"aws:s3/bucketV2:BucketV2":                                                                   {s3.BucketV2Args{}, s3.BucketV2State{}},
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               {s3.BucketVersioningV2Args{}, s3.BucketVersioningV2State{}},
	"aws:scheduler/schedule:Schedule":                                                            {scheduler.ScheduleArgs{}, scheduler.ScheduleState{}},
	"aws:scheduler/scheduleGroup:ScheduleGroup":                                                  {scheduler.ScheduleGroupArgs{}, scheduler.ScheduleGroupState{}},
	"aws:securityhub/account:Account":                                                            {securityhub.AccountArgs{}, securityhub.AccountState{}},
	"aws:securityhub/findingAggregator:FindingAggregator":                                        {securityhub.FindingAggregatorArgs{}, securityhub.FindingAggregatorState{}},
	"aws:securityhub/standardsControl:StandardsControl":                                          {securityhub.StandardsControlArgs{}, securityhub.StandardsControlState{}},
	"aws:securityhub/standardsControlAssociation:StandardsControlAssociation":                    {securityhub.StandardsControlAssociationArgs{}, securityhub.StandardsControlAssociationState{}},
	"aws:securityhub/standardsSubscription:StandardsSubscription":                                {securityhub.StandardsSubscriptionArgs{}, securityhub.StandardsSubscriptionState{}},
	"aws:sfn/stateMachine:StateMachine":                                                          {sfn.StateMachineArgs{}, sfn.StateMachineState{}},
	"aws:sns/topic:Topic":                                                                        {sns.TopicArgs{}, sns.TopicState{}},
	"aws:sns/topicPolicy:TopicPolicy":                                                            {sns.TopicPolicyArgs{}, sns.TopicPolicyState{}},
	"aws:sns/topicSubscription:TopicSubscription":                                                {sns.TopicSubscriptionArgs{}, sns.TopicSubscriptionState{}},
	"aws:sqs/queue:Queue":                                                                        {sqs.QueueArgs{}, sqs.QueueState{}},
	"aws:sqs/queuePolicy:QueuePolicy":                                                            {sqs.QueuePolicyArgs{}, sqs.QueuePolicyState{}},
	"aws:sqs/redriveAllowPolicy:RedriveAllowPolicy":                                              {sqs.RedriveAllowPolicyArgs{}, sqs.RedriveAllowPolicyState{}},
	"aws:sqs/redrivePolicy:RedrivePolicy":                                                        {sqs.RedrivePolicyArgs{}, sqs.RedrivePolicyState{}},
}

// sdkKind is the kind of a Go type of the SDK in the schema's notation.
func sdkKind(t reflect.Type) any {
	switch t.Kind() {
	case reflect.Pointer:
		return sdkKind(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Float64:
		return "number"
	case reflect.Slice:
		return []any{sdkKind(t.Elem())}
	case reflect.Map:
		return map[string]any{"*": sdkKind(t.Elem())}
	case reflect.Struct:
		return sdkProperties(t)
	}
	return "any"
}

func sdkProperties(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("pulumi"), ","); name != "" {
			properties[name] = sdkKind(t.Field(i).Type)
		}
	}
	return properties
}

// TestSchemaEqualsSDK compares schema.json with the SDK the components are written with.
func TestSchemaEqualsSDK(t *testing.T) {
	require.Len(t, sdkTypes, len(schemas))
	for token, sdk := range sdkTypes {
		schema := schemas[token]
		require.NotNil(t, schema, token)
		inputs := sdkProperties(sdk.args.ElementType())
		assert.Equal(t, inputs, schema.Inputs, "inputs of %s", token)
		outputs := sdkProperties(sdk.state.ElementType())
		for name := range inputs {
			delete(outputs, name)
		}
		if schema.Outputs == nil {
			schema.Outputs = map[string]any{}
		}
		assert.Equal(t, outputs, schema.Outputs, "outputs of %s", token)
	}
	assert.Equal(t, sdkProperties(aws.ProviderArgs{}.ElementType()), providerKinds)
}

// TestSchemaIsConsistent: every path of the schema's tables exists, and every type has a schema and behaviour.
func TestSchemaIsConsistent(t *testing.T) {
	assert.Equal(t, sortedKeys(schemas), sortedKeys(types))
	for token, schema := range schemas {
		paths := map[string]bool{}
		var walk func(kind any, path string)
		walk = func(kind any, path string) {
			paths[path] = true
			switch kind := kind.(type) {
			case []any:
				walk(kind[0], path)
			case map[string]any:
				for name, k := range kind {
					walk(k, join(path, name))
				}
			}
		}
		walk(schema.Inputs, "")
		for what, list := range map[string][]string{
			"required": schema.Required, "replaces": schema.Replaces, "replacesWhenAdded": schema.ReplacesWhenAdded, "json": schema.JSON, "computed": schema.Computed,
			"explicit": schema.Explicit,
			"limits":   sortedKeys(schema.Limits), "defaults": sortedKeys(schema.Defaults),
		} {
			for _, path := range list {
				assert.True(t, paths[path], "%s: %s names %s, which is no input", token, what, path)
			}
		}
		if schema.AutoName != nil {
			assert.Equal(t, "string", schema.Inputs[schema.AutoName.Property], token)
		}
	}
}
