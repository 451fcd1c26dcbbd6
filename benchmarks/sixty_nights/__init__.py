"""An account over sixty nights of real profiles, learning as it goes."""
