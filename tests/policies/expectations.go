package policies

import "slices"

// grant is a row of the table: what somebody may do.
type grant struct {
	who list
	may list // names of classes or actions; * is everything
	// but are classes and actions left out, and butOn targets.
	but, butOn list
	on         list // names of targets; none: all that the policy is judged at
	when       list // names of circumstances; none: every one that is secure
	// needs is a fact about the composition, or the name of a policy, without which the row does not apply.
	needs string
	why   string
}

// slack is a policy that exists where a Slack channel does.
const slack = "alerts-chat-role"

// Facts about a composition, which rows can need.
const (
	Unguarded    = "no deployer is named"
	Organization = "the trail is an organization's"
	OwnBuckets   = "the trail's logs stay in the account"
	Central      = "the trail's logs go to a central bucket of another account"
	Budgets      = "AWS Budgets and cost anomaly detection exist"
	Disposable   = "the stack is disposable"
	Together     = "Security Hub and an aggregator of AWS Config bring the Regions together"
	Alone        = "there is neither Security Hub nor an aggregator of AWS Config"
)

func isFact(needed string) bool {
	return slices.Contains(list{Unguarded, Organization, OwnBuckets, Central, Budgets, Disposable, Together, Alone}, needed)
}

// expectation is what one policy may allow, by the logical name of the resource that declares it.
type expectation struct {
	attachedTo list // targets of a resource policy
	bearers    list // of an identity policy; none: who bears it and has no other rights
	grants     []grant
}

// expectations is the table: whoever adds a policy to a component adds it here.
var expectations = merge(archiveExpectations, alertExpectations, trailExpectations, configExpectations, threatExpectations, digestExpectations, billExpectations, hardeningExpectations, pipelineExpectations)

func merge(tables ...map[string]expectation) map[string]expectation {
	all := map[string]expectation{}
	for _, table := range tables {
		for name, e := range table {
			if _, twice := all[name]; twice {
				panic("expected twice: " + name)
			}
			all[name] = e
		}
	}
	return all
}

// administrators are the account's own principals with AdministratorAccess, and its root user.
var administrators = list{root, administrator, administratorM, deployer, namesake, auditor}

// maintainers may change what protects the archives: who has MFA, and the deployers named in the settings.
var maintainers = list{administratorM, deployer}

func together(lists ...list) (all list) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
