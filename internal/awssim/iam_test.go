package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	managedToken     = "aws:iam/policy:Policy"
	attachToken      = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	iamGroupToken    = "aws:iam/group:Group"
	groupPolicyToken = "aws:iam/groupPolicy:GroupPolicy"
	groupAttachToken = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
	userToken        = "aws:iam/user:User"
	membersToken     = "aws:iam/groupMembership:GroupMembership"
	userGroupsToken  = "aws:iam/userGroupMembership:UserGroupMembership"
	linkedToken      = "aws:iam/serviceLinkedRole:ServiceLinkedRole"

	trustCloudTrail = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

func statement(effect, action string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":%q,"Action":%q,"Resource":"*"}]}`, effect, action)
}

func trustOf(principal string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, principal)
}

func TestIAMRefusals(t *testing.T) {
	c := serve(t)
	c.create(roleToken, "taken", props{"name": "Taken", "assumeRolePolicy": trustCloudTrail})
	c.create(iamGroupToken, "readers", props{"name": "readers"})
	c.create(managedToken, "p", props{"name": "Taken", "policy": statement("Allow", "s3:*")})
	c.create(userToken, "alice", props{"name": "alice"})
	config := c.create(linkedToken, "config", props{"awsServiceName": "config.amazonaws.com"})
	big := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:%s"],"Resource":"*"}]}`, strings.Repeat("x", 11000))

	for name, row := range map[string]struct {
		token   string
		in      props
		refusal string
	}{
		"role name taken, other case":    {roleToken, props{"name": "taken", "assumeRolePolicy": trustCloudTrail}, "EntityAlreadyExists"},
		"role name charset":              {roleToken, props{"name": "a b", "assumeRolePolicy": trustCloudTrail}, "ValidationError"},
		"role name too long":             {roleToken, props{"name": strings.Repeat("a", 65), "assumeRolePolicy": trustCloudTrail}, "ValidationError"},
		"role path":                      {roleToken, props{"path": "ci", "assumeRolePolicy": trustCloudTrail}, "ValidationError"},
		"role path reserved":             {roleToken, props{"path": "/aws-service-role/x/", "assumeRolePolicy": trustCloudTrail}, "InvalidInput"},
		"role description not Latin-1":   {roleToken, props{"description": "監査", "assumeRolePolicy": trustCloudTrail}, "ValidationError"},
		"role session too short":         {roleToken, props{"maxSessionDuration": 60, "assumeRolePolicy": trustCloudTrail}, "ValidationError"},
		"trust policy no JSON":           {roleToken, props{"assumeRolePolicy": "x"}, "MalformedPolicyDocument"},
		"trust policy without principal": {roleToken, props{"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}`}, "MalformedPolicyDocument"},
		"trust in nobody":                {roleToken, props{"assumeRolePolicy": trustOf("arn:aws:iam::123456789012:role/nobody")}, "MalformedPolicyDocument"},
		"trust in another path":          {roleToken, props{"assumeRolePolicy": trustOf("arn:aws:iam::123456789012:role/x/Taken")}, "MalformedPolicyDocument"},
		"trust policy too big":           {roleToken, props{"assumeRolePolicy": trustOf("arn:aws:iam::123456789012:role/" + strings.Repeat("n", 4000))}, "LimitExceeded"},
		"boundary that is not there":     {roleToken, props{"assumeRolePolicy": trustCloudTrail, "permissionsBoundary": "arn:aws:iam::aws:policy/None"}, "NoSuchEntity"},
		"inline policy of nobody":        {rolePolicyToken, props{"role": "nobody", "policy": statement("Allow", "s3:*")}, "NoSuchEntity"},
		"inline policy with principal":   {rolePolicyToken, props{"role": "Taken", "policy": trustCloudTrail}, "MalformedPolicyDocument"},
		"inline policy too big":          {rolePolicyToken, props{"role": "Taken", "policy": big}, "LimitExceeded"},
		"group policy of nobody":         {groupPolicyToken, props{"group": "nobody", "policy": statement("Allow", "s3:*")}, "NoSuchEntity"},
		"attach a policy that is not":    {attachToken, props{"role": "Taken", "policyArn": "arn:aws:iam::aws:policy/Nothing"}, "NoSuchEntity"},
		"attach to nobody":               {groupAttachToken, props{"group": "nobody", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "NoSuchEntity"},
		"attach to a linked role":        {attachToken, props{"role": config.str("name"), "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "UnmodifiableEntity"},
		"policy name taken":              {managedToken, props{"name": "taken", "policy": statement("Allow", "s3:*")}, "EntityAlreadyExists"},
		"policy malformed":               {managedToken, props{"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps","Action":"*","Resource":"*"}]}`}, "MalformedPolicyDocument"},
		"policy too big":                 {managedToken, props{"policy": big}, "LimitExceeded"},
		"group name taken":               {iamGroupToken, props{"name": "READERS"}, "EntityAlreadyExists"},
		"user name taken":                {userToken, props{"name": "Alice"}, "EntityAlreadyExists"},
		"member that is not":             {membersToken, props{"name": "m", "group": "readers", "users": []any{"nobody"}}, "NoSuchEntity"},
		"group that is not":              {userGroupsToken, props{"user": "alice", "groups": []any{"nobody"}}, "NoSuchEntity"},
		"linked role taken":              {linkedToken, props{"awsServiceName": "config.amazonaws.com"}, "InvalidInput"},
		"linked role of no service":      {linkedToken, props{"awsServiceName": "confg.amazonaws.com"}, "InvalidInput"},
		"linked role with suffix":        {linkedToken, props{"awsServiceName": "guardduty.amazonaws.com", "customSuffix": "x"}, "InvalidInput"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.try(row.token, "x", row.in)
			refusedWith(t, err, row.refusal)
		})
	}
}

func TestIAMQuotas(t *testing.T) {
	c := serve(t)
	c.create(roleToken, "r", props{"name": "r", "assumeRolePolicy": trustCloudTrail})
	for i := range managedPerEntity + 1 {
		p := c.create(managedToken, fmt.Sprintf("p%d", i), props{"policy": statement("Allow", "s3:*")})
		_, err := c.try(attachToken, fmt.Sprintf("a%d", i), props{"role": "r", "policyArn": p.id})
		if i < managedPerEntity {
			require.NoError(t, err)
		} else {
			refusedWith(t, err, "LimitExceeded")
		}
	}
	half := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:%s"],"Resource":"*"}]}`, strings.Repeat("x", 6000))
	c.create(rolePolicyToken, "half", props{"role": "r", "policy": half})
	_, err := c.try(rolePolicyToken, "other-half", props{"role": "r", "policy": half})
	refusedWith(t, err, "LimitExceeded")
}

func TestIAMDeleteConflicts(t *testing.T) {
	c := serve(t)
	role := c.create(roleToken, "r", props{"assumeRolePolicy": trustCloudTrail})
	policy := c.create(managedToken, "p", props{"policy": statement("Allow", "s3:*")})
	attached := c.create(attachToken, "a", props{"role": role.id, "policyArn": policy.id})
	inline := c.create(rolePolicyToken, "i", props{"role": role.id, "policy": statement("Allow", "s3:*")})
	group := c.create(iamGroupToken, "g", nil)
	user := c.create(userToken, "u", nil)
	members := c.create(membersToken, "m", props{"group": group.id, "users": []any{user.id}})
	granted := c.create(groupAttachToken, "ga", props{"group": group.id, "policyArn": policy.id})
	groupInline := c.create(groupPolicyToken, "gi", props{"group": group.id, "policy": statement("Allow", "s3:*")})
	for _, m := range []*made{role, policy, attached, inline, group, user, granted, groupInline} {
		c.unchanged(m)
		c.imported(m)
	}
	c.unchanged(members)

	for _, step := range []struct{ refused, then *made }{
		{policy, attached}, {policy, granted}, {role, inline}, {group, members}, {group, groupInline},
	} {
		refusedWith(t, c.remove(step.refused), "DeleteConflict")
		require.NoError(t, c.remove(step.then))
		require.NoError(t, c.remove(step.then), "deleting twice is no error")
	}
	for _, m := range []*made{policy, role, group, user} {
		require.NoError(t, c.remove(m))
		assert.False(t, c.read(m))
	}
}

func TestIAMUpdates(t *testing.T) {
	c := serve(t)
	role := c.create(roleToken, "r", props{"assumeRolePolicy": trustCloudTrail, "managedPolicyArns": []any{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
		"inlinePolicies": []any{props{"name": "i", "policy": statement("Allow", "s3:*")}}})
	c.unchanged(role)
	require.NoError(t, c.update(role, props{"assumeRolePolicy": trustOf("123456789012"), "description": "changed", "maxSessionDuration": 7200}))
	assert.Equal(t, 7200.0, role.state["maxSessionDuration"])
	c.unchanged(role)
	refusedWith(t, c.update(role, props{"assumeRolePolicy": trustOf("arn:aws:iam::123456789012:user/nobody")}), "MalformedPolicyDocument")

	group := c.create(iamGroupToken, "g", props{"name": "before"})
	user := c.create(userToken, "u", props{"name": "alice"})
	groups := c.create(userGroupsToken, "m", props{"user": user.id, "groups": []any{"before"}})
	require.NoError(t, c.update(group, props{"name": "after", "path": "/ops/"}))
	assert.Equal(t, []string{"after"}, c.account().IAM.Users["alice"].Groups)
	assert.True(t, c.read(groups))
	assert.Empty(t, groups.inputs["groups"], "the renamed group shows as drift")

	linked := c.create(linkedToken, "l", props{"awsServiceName": "config.amazonaws.com"})
	assert.Equal(t, "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", linked.id)
	require.NoError(t, c.update(linked, props{"awsServiceName": "config.amazonaws.com", "description": "x"}))
	c.unchanged(linked)
	c.imported(linked)
	require.NoError(t, c.remove(linked))
}

// TestCallerIsLimitedByItsPolicies: the account evaluates identity policies on the stack's own calls.
func TestCallerIsLimitedByItsPolicies(t *testing.T) {
	c := serve(t)
	c.create(rolePolicyToken, "deny", props{"role": "account-baseline-deployer", "policy": statement("Deny", "iam:CreateUser")})
	_, err := c.try(userToken, "u", nil)
	refusedWith(t, err, "AccessDenied")
	_, err = c.try(iamGroupToken, "g", nil)
	require.NoError(t, err)
}

func TestAssumedRoleActsAsThatRole(t *testing.T) {
	c := serve(t)
	role := c.create(roleToken, "auditor", props{"assumeRolePolicy": trustOf("arn:aws:iam::123456789012:role/ci/account-baseline-deployer")})
	auditor := connect(t, c.server, props{"region": testRegion, "assumeRole": fmt.Sprintf(`{"roleArn":%q}`, role.str("arn"))})
	_, err := auditor.try(userToken, "u", nil)
	refusedWith(t, err, "AccessDenied")
	identity, err := auditor.invoke("aws:index/getCallerIdentity:getCallerIdentity", nil)
	require.NoError(t, err)
	assert.Contains(t, str(identity, "arn"), "assumed-role/"+role.id+"/")
}
