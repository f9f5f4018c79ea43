package awssim

import (
	"maps"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// resourceType is how one Pulumi resource type behaves. See the package
// documentation for what each function may assume and must return.
type resourceType struct {
	// check refuses values that are wrong whatever the account holds. It also runs
	// at preview, when values may be unknown.
	check func(c *call, in props) error
	// create makes the resource and returns its id and computed properties.
	create func(c *call, in props) (id string, out props, err error)
	// read returns the resource as it is now, errNotFound when it is gone. state is
	// empty on import. Absent: the state is taken for the truth.
	read func(c *call, id string, state props) (props, error)
	// update changes the resource in place and returns its computed properties.
	// Absent: the new inputs are taken over.
	update func(c *call, id string, old, in props) (props, error)
	// delete removes the resource; errNotFound counts as done.
	delete func(c *call, id string, state props) error
	// predict returns the outputs that are known before creation; the others are
	// unknown at preview.
	predict func(c *call, in props) props
}

// call is one operation of the engine.
type call struct {
	*Account                      // locked for the duration of the call
	Region   string               // Region of the provider instance
	Caller   policyeval.Principal // who makes the call
	MFA      bool                 // the caller's session has multi-factor authentication
	Preview  bool
	URN      string
	Name     string // resource name in the program
}

// types are all resource types that the account knows, by token.
var types = accompanied(assemble(
	iamTypes, s3Types, cloudtrailTypes, logsTypes,
	kmsTypes, snsTypes, sqsTypes, eventsTypes, pipesTypes, chatbotTypes, alarmsTypes, notificationsTypes,
	glueTypes, athenaTypes, configTypes,
	ec2Types, accountTypes,
	guarddutyTypes, securityhubTypes, accessanalyzerTypes, inspectorTypes, macieTypes,
	budgetsTypes, costexplorerTypes, schedulerTypes, sfnTypes,
))

func assemble(services ...map[string]resourceType) map[string]resourceType {
	all := map[string]resourceType{}
	for _, service := range services {
		maps.Copy(all, service)
	}
	return all
}
