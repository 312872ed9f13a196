#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "conf/file.h"
#include "conf/find.h"
char *find_config(const char *p, struct err *e){ if(!p){err_set(e,0,"no config");return NULL;} return file_absolute(p);}
char *find_socket_default(void){return strdup("/run/sigmund/control.sock");}
char *find_socket_abstract(void){return strdup("@sigmund/x");}
