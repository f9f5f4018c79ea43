package awssim

func iamCheckUser(_ *call, in props) error {
	return iamCheckEntity(in, 64, iamDoc+"API_CreateUser.html")
}

func iamCreateUser(c *call, in props) (string, props, error) {
	name, path := str(in, "name"), iamPath(in)
	arn := c.iamARN("user", path, name)
	if err := c.may("iam:CreateUser", arn); err != nil {
		return "", nil, err
	}
	if iamTaken(c.IAM.Users, name) {
		return "", nil, iamExists("User", name)
	}
	u := &iamUser{Name: name, Path: path, ARN: arn, UniqueID: "AIDA" + c.upperID(17), Tags: stringMap(in, "tags")}
	c.IAM.Users.put(name, u)
	return name, u.props(), nil
}

func (u *iamUser) props() props {
	return props{"name": u.Name, "path": u.Path, "arn": u.ARN, "uniqueId": u.UniqueID, "tags": u.Tags}
}

func iamReadUser(c *call, id string, _ props) (props, error) {
	u := c.IAM.Users[id]
	if u == nil {
		return nil, errNotFound
	}
	return u.props(), nil
}

func iamUpdateUser(c *call, id string, old, in props) (props, error) {
	was := strOr(old, "name", id)
	u := c.IAM.Users[was]
	if u == nil {
		return nil, noSuchEntity("user", was)
	}
	if err := c.may("iam:UpdateUser", u.ARN); err != nil {
		return nil, err
	}
	name := str(in, "name")
	if name != was {
		if iamTaken(tableWithout(c.IAM.Users, was), name) {
			return nil, iamExists("User", name)
		}
		delete(c.IAM.Users, was)
		c.IAM.Users.put(name, u)
	}
	u.Name, u.Path, u.Tags = name, iamPath(in), stringMap(in, "tags")
	u.ARN = c.iamARN("user", u.Path, name)
	return u.props(), nil
}

func iamDeleteUser(c *call, id string, state props) error {
	const doc = iamDoc + "API_DeleteUser.html"
	name := strOr(state, "name", id)
	u := c.IAM.Users[name]
	if u == nil {
		return errNotFound
	}
	if err := c.may("iam:DeleteUser", u.ARN); err != nil {
		return err
	}
	switch {
	case len(u.Groups) > 0 && !flag(state, "forceDestroy", false):
		return refuse("DeleteConflict", "Cannot delete entity, must remove users from group first.", doc)
	case len(u.Attached) > 0:
		return refuse("DeleteConflict", "Cannot delete entity, must detach all policies first.", doc)
	}
	delete(c.IAM.Users, name)
	c.forget(u.ARN, u.UniqueID)
	return nil
}
