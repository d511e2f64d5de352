"""customer-service: the person, their vehicles and odometer, consent, segments and story."""
