package awssim

import "slices"

func iamCheckGroup(_ *call, in props) error {
	return iamCheckEntity(in, 128, iamDoc+"API_CreateGroup.html")
}

func iamCreateGroup(c *call, in props) (string, props, error) {
	name, path := str(in, "name"), iamPath(in)
	arn := c.iamARN("group", path, name)
	if err := c.may("iam:CreateGroup", arn); err != nil {
		return "", nil, err
	}
	if iamTaken(c.IAM.Groups, name) {
		return "", nil, iamExists("Group", name)
	}
	g := &iamGroup{Name: name, Path: path, ARN: arn, UniqueID: "AGPA" + c.upperID(17), Inline: map[string]string{}}
	c.IAM.Groups.put(name, g)
	return name, g.props(), nil
}

func (g *iamGroup) props() props {
	return props{"name": g.Name, "path": g.Path, "arn": g.ARN, "uniqueId": g.UniqueID}
}

func iamReadGroup(c *call, id string, _ props) (props, error) {
	g := c.IAM.Groups[id]
	if g == nil {
		return nil, errNotFound
	}
	return g.props(), nil
}

func iamUpdateGroup(c *call, id string, old, in props) (props, error) {
	was := strOr(old, "name", id)
	g := c.IAM.Groups[was]
	if g == nil {
		return nil, noSuchEntity("group", was)
	}
	if err := c.may("iam:UpdateGroup", g.ARN); err != nil {
		return nil, err
	}
	name := str(in, "name")
	if name != was {
		if iamTaken(tableWithout(c.IAM.Groups, was), name) {
			return nil, iamExists("Group", name)
		}
		for _, u := range c.IAM.Users {
			if i := slices.Index(u.Groups, was); i >= 0 {
				u.Groups[i] = name
			}
		}
		delete(c.IAM.Groups, was)
		c.IAM.Groups.put(name, g)
	}
	g.Name, g.Path = name, iamPath(in)
	g.ARN = c.iamARN("group", g.Path, name)
	return g.props(), nil
}

// tableWithout is a table with one entry left out.
func tableWithout[T any](t table[T], key string) table[T] {
	out := table[T]{}
	for k, v := range t {
		if k != key {
			out[k] = v
		}
	}
	return out
}

func iamDeleteGroup(c *call, id string, state props) error {
	const doc = iamDoc + "API_DeleteGroup.html"
	name := strOr(state, "name", id)
	g := c.IAM.Groups[name]
	if g == nil {
		return errNotFound
	}
	if err := c.may("iam:DeleteGroup", g.ARN); err != nil {
		return err
	}
	switch {
	case len(c.iamMembers(name)) > 0:
		return refuse("DeleteConflict", "Cannot delete entity, must remove users from group first.", doc)
	case len(g.Attached) > 0:
		return refuse("DeleteConflict", "Cannot delete entity, must detach all policies first.", doc)
	case len(g.Inline) > 0:
		return refuse("DeleteConflict", "Cannot delete entity, must delete policies first.", doc)
	}
	delete(c.IAM.Groups, name)
	return nil
}
