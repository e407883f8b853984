RIGHT = ()
WRONG = ()
