package awssim

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

const (
	putAggregatorAPI     = "PutConfigurationAggregator"
	putAuthorizationAPI  = "PutAggregationAuthorization"
	putRetentionAPI      = "PutRetentionConfiguration"
	aggregatorOrgDoc     = configGuide + "aggregated-create.html"
	aggregatorsPerRegion = 50
	retentionMin         = 30
	retentionMax         = 2557
	retentionName        = "default"
)

var aggregatorName = regexp.MustCompile(`^[\w-]{1,256}$`)

func checkAggregator(_ *call, in props) error {
	if name := str(in, "name"); name != "" && !aggregatorName.MatchString(name) {
		return refuse("ValidationException", fmt.Sprintf("name %q: a name has 1 to %d letters, digits, hyphens and underscores", name, configNameMax),
			configAPI+putAggregatorAPI+".html")
	}
	accounts, organization := present(in, "accountAggregationSource"), present(in, "organizationAggregationSource")
	if accounts == organization {
		return configInvalid(putAggregatorAPI, "All fields in one and only one of accountAggregationSource and organizationAggregationSource must be non-null")
	}
	source, where := object(in, "accountAggregationSource"), "accountAggregationSource"
	if organization {
		source, where = object(in, "organizationAggregationSource"), "organizationAggregationSource"
	}
	for _, id := range strs(source, "accountIds") {
		if !accountIDPattern.MatchString(id) {
			return configInvalid(putAggregatorAPI, "%s.accountIds: %q is not an account id of 12 digits", where, id)
		}
	}
	if role := str(source, "roleArn"); role != "" {
		if _, ok := splitARN(role); !ok {
			return fmt.Errorf("%s.roleArn: %q is an invalid ARN", where, role)
		}
	}
	if isUnknown(source["allRegions"]) || hasUnknown(source["regions"]) {
		return nil
	}
	regions := strs(source, "regions")
	for _, region := range regions {
		if !knownRegion(region) {
			return configInvalid(putAggregatorAPI, "%s.regions: %q is not a Region", where, region)
		}
	}
	if flag(source, "allRegions", false) == (len(regions) > 0) {
		return configInvalid(putAggregatorAPI, "%s: either allRegions or regions has to be given", where)
	}
	return nil
}

func (c *call) putAggregator(in props) (props, error) {
	name := str(in, "name")
	key := regional(c.Region, name)
	a := c.Config.Aggregators[key]
	arn := c.arn("config", c.Region, c.ID, "config-aggregator/*")
	if a != nil {
		arn = a.ARN
	}
	if err := c.may("config:PutConfigurationAggregator", arn); err != nil {
		return nil, err
	}
	organization := object(in, "organizationAggregationSource")
	if a != nil && present(a.Properties, "organizationAggregationSource") != present(in, "organizationAggregationSource") {
		return nil, configInvalid(putAggregatorAPI, "The source of aggregator %s cannot change between accounts and organization.", name)
	}
	if present(in, "organizationAggregationSource") {
		if err := c.mayAggregate(str(organization, "roleArn")); err != nil {
			return nil, err
		}
	}
	if a == nil {
		if countIn(c.Region, c.Config.Aggregators) >= aggregatorsPerRegion {
			return nil, refuse("LimitExceededException", fmt.Sprintf("The account has %d aggregators in %s already.", aggregatorsPerRegion, c.Region), configLimitsDoc)
		}
		a = &configAggregator{Name: name, ARN: c.arn("config", c.Region, c.ID, "config-aggregator/config-aggregator-"+strings.ToLower(c.upperID(8)))}
		c.Config.Aggregators.put(key, a)
	}
	a.Properties = maps.Clone(in)
	delete(a.Properties, defaultsKey)
	a.Properties["arn"], a.Properties["tags"] = a.ARN, stringMap(in, "tags")
	return a.Properties, nil
}

// mayAggregate demands an organization that the account may aggregate, and a role with
// which AWS Config can list its accounts.
func (c *call) mayAggregate(role string) error {
	const doc = configAPI + putAggregatorAPI + ".html"
	o := c.Settings.Organization
	switch {
	case o == nil:
		return refuse("NoAvailableOrganizationException", "Your account is not a member of an organization.", doc)
	case o.ManagementAccount != c.ID && !slices.Contains(o.ConfigAdministrators, c.ID):
		return refuse("OrganizationAccessDeniedException", "The account is neither the organization's management account nor a delegated administrator of AWS Config.", doc)
	}
	bad := func(err any) error {
		return refuse("InvalidRoleException", fmt.Sprintf("organizationAggregationSource.roleArn %s: %v", role, err), aggregatorOrgDoc)
	}
	if c.roleByARN(role) == nil {
		return bad("there is no such role in this account")
	}
	if err := c.passRole(role, configService); err != nil {
		return err
	}
	ctx := map[string][]string{"aws:SourceAccount": {c.ID}}
	if err := c.trusts(role, servicePrincipal(configService), ctx); err != nil {
		return bad(err)
	}
	for _, action := range []string{"organizations:ListAccounts", "organizations:DescribeOrganization", "organizations:ListAWSServiceAccessForOrganization"} {
		if err := c.roleMay(role, action, "*", nil); err != nil {
			return bad(err)
		}
	}
	return nil
}

func createAggregator(c *call, in props) (string, props, error) {
	out, err := c.putAggregator(in)
	return str(in, "name"), out, err
}

func readAggregator(c *call, id string, _ props) (props, error) {
	a := c.Config.Aggregators[regional(c.Region, id)]
	if a == nil {
		return nil, errNotFound
	}
	return a.Properties, c.may("config:DescribeConfigurationAggregators", "*")
}

func updateAggregator(c *call, _ string, _, in props) (props, error) { return c.putAggregator(in) }

func deleteAggregator(c *call, id string, _ props) error {
	key := regional(c.Region, id)
	a := c.Config.Aggregators[key]
	if a == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteConfigurationAggregator", a.ARN); err != nil {
		return err
	}
	delete(c.Config.Aggregators, key)
	return nil
}

func checkAuthorization(_ *call, in props) error {
	if id := str(in, "accountId"); id != "" && !accountIDPattern.MatchString(id) {
		return configInvalid(putAuthorizationAPI, "accountId %q is not an account id of 12 digits", id)
	}
	if region := str(in, "region"); region != "" && !knownRegion(region) {
		return configInvalid(putAuthorizationAPI, "region %q is not a Region", region)
	}
	return nil
}

func createAuthorization(c *call, in props) (string, props, error) {
	id := str(in, "accountId") + ":" + str(in, "region")
	a := &configAuthorization{ARN: c.arn("config", c.Region, c.ID, "aggregation-authorization/"+str(in, "accountId")+"/"+str(in, "region"))}
	if err := c.may("config:PutAggregationAuthorization", a.ARN); err != nil {
		return "", nil, err
	}
	a.Properties = props{"accountId": str(in, "accountId"), "region": str(in, "region"), "arn": a.ARN, "tags": stringMap(in, "tags")}
	c.Config.Authorizations.put(regional(c.Region, id), a)
	return id, a.Properties, nil
}

func readAuthorization(c *call, id string, _ props) (props, error) {
	a := c.Config.Authorizations[regional(c.Region, id)]
	if a == nil {
		return nil, errNotFound
	}
	return a.Properties, c.may("config:DescribeAggregationAuthorizations", "*")
}

// updateAuthorization changes tags: everything else replaces the authorization.
func updateAuthorization(c *call, id string, _, in props) (props, error) {
	a := c.Config.Authorizations[regional(c.Region, id)]
	if a == nil {
		return nil, errNotFound
	}
	if err := c.may("config:TagResource", a.ARN); err != nil {
		return nil, err
	}
	a.Properties["tags"] = stringMap(in, "tags")
	return a.Properties, nil
}

func deleteAuthorization(c *call, id string, _ props) error {
	key := regional(c.Region, id)
	a := c.Config.Authorizations[key]
	if a == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteAggregationAuthorization", a.ARN); err != nil {
		return err
	}
	delete(c.Config.Authorizations, key)
	return nil
}

func checkRetention(_ *call, in props) error {
	if days, ok := number(in["retentionPeriodInDays"]); ok && (days < retentionMin || days > retentionMax) {
		return refuse("ValidationException", fmt.Sprintf("retentionPeriodInDays %v: allowed are %d to %d", days, retentionMin, retentionMax), configAPI+putRetentionAPI+".html")
	}
	return nil
}

// putRetention sets the retention of the Region: there is one, named default.
func (c *call) putRetention(in props) (props, error) {
	if err := c.may("config:PutRetentionConfiguration", "*"); err != nil {
		return nil, err
	}
	days := num(in, "retentionPeriodInDays")
	c.Config.Retentions.put(c.Region, &days)
	return props{"name": retentionName, "retentionPeriodInDays": days}, nil
}

func createRetention(c *call, in props) (string, props, error) {
	out, err := c.putRetention(in)
	return retentionName, out, err
}

func readRetention(c *call, _ string, _ props) (props, error) {
	days := c.Config.Retentions[c.Region]
	if days == nil {
		return nil, errNotFound
	}
	return props{"name": retentionName, "retentionPeriodInDays": *days}, c.may("config:DescribeRetentionConfigurations", "*")
}

func updateRetention(c *call, _ string, _, in props) (props, error) { return c.putRetention(in) }

func deleteRetention(c *call, _ string, _ props) error {
	if c.Config.Retentions[c.Region] == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteRetentionConfiguration", "*"); err != nil {
		return err
	}
	delete(c.Config.Retentions, c.Region)
	return nil
}
