package explore

// StoreLimit bounds what the store of the search takes, not the whole process.
func (o *Options) StoreLimit(bytes uint64) { o.store = bytes }
