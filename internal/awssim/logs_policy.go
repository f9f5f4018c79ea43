package awssim

import (
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	logsPolicyDoc = logsAPI + "PutResourcePolicy.html"
	logsQueryDoc  = logsAPI + "PutQueryDefinition.html"
)

func checkLogsPolicy(_ *call, in props) error {
	if text := str(in, "policyDocument"); text != "" {
		return policyRefusal(policyeval.Validate(policyeval.LogsResourcePolicy, text, ""), logsPolicyDoc)
	}
	return nil
}

func (c *call) putLogsPolicy(in props) error {
	if err := c.may("logs:PutResourcePolicy", "*"); err != nil {
		return err
	}
	name, document := str(in, "policyName"), str(in, "policyDocument")
	parsed, err := policyeval.Parse(document)
	if err != nil {
		return refuse("InvalidParameterException", err.Error(), logsPolicyDoc)
	}
	if arn := c.unknownPrincipal(parsed); arn != "" {
		return refuse("InvalidParameterException", "Invalid principal in policy: "+arn, logsPolicyDoc)
	}
	n := 0
	for _, p := range c.Logs.Policies {
		if p.Region == c.Region && p.Name != name {
			n++
		}
	}
	if n >= logsPoliciesMax {
		return refuse("LimitExceededException", fmt.Sprintf("Resource limit exceeded: %d resource policies in %s", logsPoliciesMax, c.Region), logsPolicyDoc)
	}
	c.Logs.Policies.put(regional(c.Region, name), &logsPolicy{name, c.Region, document})
	return nil
}

func createLogsPolicy(c *call, in props) (string, props, error) {
	return str(in, "policyName"), nil, c.putLogsPolicy(in)
}

func readLogsPolicy(c *call, id string, _ props) (props, error) {
	p := c.Logs.Policies[regional(c.Region, id)]
	if p == nil {
		return nil, errNotFound
	}
	return props{"policyName": p.Name, "policyDocument": p.Document}, nil
}

func updateLogsPolicy(c *call, _ string, _, in props) (props, error) { return nil, c.putLogsPolicy(in) }

func deleteLogsPolicy(c *call, id string, _ props) error {
	if c.Logs.Policies[regional(c.Region, id)] == nil {
		return errNotFound
	}
	if err := c.may("logs:DeleteResourcePolicy", "*"); err != nil {
		return err
	}
	delete(c.Logs.Policies, regional(c.Region, id))
	return nil
}

func checkLogsQuery(_ *call, in props) error {
	bad := func(reason string) error { return refuse("InvalidParameterException", reason, logsQueryDoc) }
	switch {
	case len(str(in, "name")) > 255:
		return bad("name: at most 255 characters are allowed")
	case len(str(in, "queryString")) > 10000:
		return bad("queryString: at most 10000 characters are allowed")
	case len(list(in, "logGroupNames")) > 50:
		return bad("logGroupNames: at most 50 are allowed")
	}
	for _, name := range strs(in, "logGroupNames") {
		if !logGroupName.MatchString(name) {
			return bad(fmt.Sprintf("logGroupNames: %q is not the name of a log group", name))
		}
	}
	return nil
}

func createLogsQuery(c *call, in props) (string, props, error) {
	if err := c.may("logs:PutQueryDefinition", "*"); err != nil {
		return "", nil, err
	}
	n := 0
	for _, q := range c.Logs.Queries {
		if q.Region == c.Region {
			n++
		}
	}
	if n >= logsQueriesMax {
		return "", nil, refuse("LimitExceededException", fmt.Sprintf("%d query definitions in %s already", logsQueriesMax, c.Region), logsQuotaDoc)
	}
	q := &logsQuery{c.uuid(), c.Region, str(in, "name"), str(in, "queryString"), strs(in, "logGroupNames")}
	c.Logs.Queries.put(regional(c.Region, q.ID), q)
	return q.ID, q.props(), nil
}

func (q *logsQuery) props() props {
	return props{"id": q.ID, "queryDefinitionId": q.ID, "name": q.Name, "queryString": q.Query, "logGroupNames": q.Groups}
}

// readLogsQuery knows a query by its id; it is imported by its ARN.
func readLogsQuery(c *call, id string, _ props) (props, error) {
	q := c.Logs.Queries[regional(c.Region, id[strings.LastIndex(id, ":")+1:])]
	if q == nil {
		return nil, errNotFound
	}
	return q.props(), nil
}

func updateLogsQuery(c *call, id string, _, in props) (props, error) {
	if err := c.may("logs:PutQueryDefinition", "*"); err != nil {
		return nil, err
	}
	q := c.Logs.Queries[regional(c.Region, id)]
	if q == nil {
		return nil, refuse("ResourceNotFoundException", "query definition "+id, logsQueryDoc)
	}
	q.Name, q.Query, q.Groups = str(in, "name"), str(in, "queryString"), strs(in, "logGroupNames")
	return q.props(), nil
}

func deleteLogsQuery(c *call, id string, _ props) error {
	if c.Logs.Queries[regional(c.Region, id)] == nil {
		return errNotFound
	}
	if err := c.may("logs:DeleteQueryDefinition", "*"); err != nil {
		return err
	}
	delete(c.Logs.Queries, regional(c.Region, id))
	return nil
}
